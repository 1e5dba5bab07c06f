import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { sql } from 'kysely'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { signListing } from '../../../src/catalog/listing/sign.ts'
import { ListingStore } from '../../../src/catalog/store/listing-store.ts'
import { generateIdentity } from '../../../src/core/index.ts'
import { startChild } from '../../kit/child.ts'
import { sampleDraft, sampleMagnet } from '../../kit/sample-listing.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

const identity = generateIdentity()
const writer = fileURLToPath(new URL('../../kit/catalog-writer.ts', import.meta.url))

test('a new file is for its owner only', async t => {
  const file = join(await temporaryFolder(t), 'deep', 'catalog.db')
  await (await openDatabase(file)).close()
  t.is((await stat(file)).mode & 0o777, 0o600)
})

test('a database of a later version is refused, and left as it is', async t => {
  const file = join(await temporaryFolder(t), 'catalog.db')
  const database = await openDatabase(file)
  await sql`insert into migration (name) values ('9999-from-the-future')`.execute(database.db)
  await database.close()
  await t.throwsAsync(openDatabase(file), { code: 'ERR_DATABASE', message: /9999-from-the-future.*update/ })
})

test('a file that is no database is refused', async t => {
  await t.throwsAsync(openDatabase(fileURLToPath(import.meta.url)), { code: 'ERR_DATABASE' })
})

test('a backup that is made while others write is whole', async t => {
  const folder = await temporaryFolder(t)
  const database = await openDatabase(join(folder, 'catalog.db'))
  t.teardown(() => database.close())
  const store = new ListingStore(database)
  const write = (number: number) =>
    store.apply([signListing(sampleDraft({ magnet: sampleMagnet(number) }), identity)], { catalogId: 1 })
  for (let number = 0; number < 50; number++) await write(number)
  const copy = join(folder, 'copy.db')
  await Promise.all([database.backup(copy), ...Array.from({ length: 50 }, (_, index) => write(50 + index))])
  const copied = await openDatabase(copy)
  t.teardown(() => copied.close())
  const { listings } = await new ListingStore(copied).counts()
  t.true(listings >= 50)
  t.is((await new ListingStore(copied).search({ text: 'zoo' })).total, listings)
})

test('three processes write into one file', async t => {
  const file = join(await temporaryFolder(t), 'catalog.db')
  const children = [1, 2, 3].map(catalog =>
    startChild(t, process.execPath, [writer, file, String(catalog), '60']),
  )
  for (const child of children) t.is(await child.exited, 0, child.output())
  const database = await openDatabase(file)
  t.teardown(() => database.close())
  t.is((await new ListingStore(database).search({ text: 'lions' })).total, 180)
})
