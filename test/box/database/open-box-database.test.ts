import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { sql } from 'kysely'
import { openBoxDatabase } from '../../../src/box/database/open-box-database.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'

test('The log beside the database stays within a few megabytes, however much is written', async t => {
  const path = join(await temporaryFolder(t), 'box.db')
  const db = await openBoxDatabase(path)
  t.teardown(() => db.destroy())
  await sql`create table many (bytes blob)`.execute(db)
  const bytes = Buffer.alloc(64 * 1024)
  for (let count = 0; count < 300; count++) await sql`insert into many values (${bytes})`.execute(db)
  const { size } = await stat(`${path}-wal`)
  t.true(size > 0 && size < 5_000_000, `${size} bytes`)
})
