import { join } from 'node:path'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { catalogStoreContract } from '../../contracts/catalog-store.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

catalogStoreContract('SQLite', async t => {
  const file = join(await temporaryFolder(t), 'catalog.db')
  return async () => {
    const database = await openDatabase(file)
    t.teardown(() => database.close())
    return database
  }
})
