import type { CatalogTables } from './tables/catalogs.ts'
import type { ListingTables } from './tables/listings.ts'
import type { SubmissionTables } from './tables/submissions.ts'

/** All tables of the database. */
export type CatalogSchema = ListingTables & CatalogTables & SubmissionTables
