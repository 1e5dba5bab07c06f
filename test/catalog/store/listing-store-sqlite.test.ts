import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { catalogSearchContract } from '../../contracts/catalog-search.ts'
import { catalogStoreContract } from '../../contracts/catalog-store.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const place = async (t: ExecutionContext) => {
  const file = join(await temporaryFolder(t), 'catalog.db')
  return async () => {
    const database = await openDatabase(file)
    t.teardown(() => database.close())
    return database
  }
}

catalogStoreContract('SQLite', place)
catalogSearchContract('SQLite', place)
