import type { Migration } from '../../../database/index.ts'
import * as listings from './0001-listings.ts'
import * as catalogs from './0002-catalogs.ts'
import * as submissions from './0003-submissions.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [listings, catalogs, submissions]
