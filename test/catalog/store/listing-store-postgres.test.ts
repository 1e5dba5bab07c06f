import test, { type ExecutionContext } from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { catalogSearchContract } from '../../contracts/catalog-search.ts'
import { catalogStoreContract } from '../../contracts/catalog-store.ts'
import { postgresOfFile } from '../../kit/postgres.ts'

const newLocation = postgresOfFile(test)

const place = async (t: ExecutionContext) => {
  const location = await newLocation(t)
  if (location === undefined) return undefined
  return async () => {
    const database = await openDatabase(location)
    t.teardown(() => database.close())
    return database
  }
}

catalogStoreContract('PostgreSQL', place)
catalogSearchContract('PostgreSQL', place)
