import test from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { catalogStoreContract } from '../../contracts/catalog-store.ts'
import { postgresOfFile } from '../../kit/postgres.ts'

const newLocation = postgresOfFile(test)

catalogStoreContract('PostgreSQL', async t => {
  const location = await newLocation(t)
  if (location === undefined) return undefined
  return async () => {
    const database = await openDatabase(location)
    t.teardown(() => database.close())
    return database
  }
})
