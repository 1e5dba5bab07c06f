import test, { type ExecutionContext } from 'ava'
import type { CatalogDatabase } from '../../src/catalog/database/catalog-database.ts'

/** Opens the one new, empty database of a test, which ends with it; to each server or connection that asks. */
type DatabasePlace = () => Promise<CatalogDatabase>

/** Gives each test of a contract a new database. Answers `undefined` where the test is skipped. */
export type FindDatabasePlace = (t: ExecutionContext) => Promise<DatabasePlace | undefined>

/** How a contract declares its tests, each named after the database that it runs on. */
export function promisesOn(name: string, place: FindDatabasePlace) {
  return (title: string, run: (t: ExecutionContext, open: DatabasePlace) => Promise<void>) =>
    test(`${name}: ${title}`, async t => {
      const open = await place(t)
      if (open) await run(t, open)
    })
}
