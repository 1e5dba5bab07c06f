import test from 'ava'
import { Kysely, sql } from 'kysely'
import { migrate } from '../../src/database/migrate.ts'
import type { Migration } from '../../src/database/migration.ts'
import { openSqlite, sqliteDialect } from '../../src/database/sqlite.ts'

/** A step that writes its name down. */
const step = (name: string): Migration => ({
  name,
  async up(db) {
    await sql`create table if not exists done (name text)`.execute(db)
    await sql`insert into done (name) values (${name})`.execute(db)
  },
})

async function open() {
  // biome-ignore lint/suspicious/noExplicitAny: the tables are the steps' own
  const db = new Kysely<any>({ dialect: sqliteDialect(await openSqlite(':memory:')) })
  const done = async () =>
    (await sql<{ name: string }>`select name from done`.execute(db)).rows.map(row => row.name)
  return { db, done }
}

test('each step is taken once, in order, also those that a later version adds', async t => {
  const { db, done } = await open()
  const [one, two, three] = ['0001-a', '0002-b', '0003-c'].map(step)
  await migrate(db, 'sqlite', [one!, two!])
  await migrate(db, 'sqlite', [one!, two!])
  await migrate(db, 'sqlite', [one!, two!, three!])
  t.deepEqual(await done(), ['0001-a', '0002-b', '0003-c'])
})

test('a step that fails leaves nothing behind, not even the steps before it', async t => {
  const { db, done } = await open()
  await migrate(db, 'sqlite', [step('0001-a')])
  const broken: Migration = { name: '0003-c', up: () => Promise.reject(new Error('broken')) }
  await t.throwsAsync(migrate(db, 'sqlite', [step('0001-a'), step('0002-b'), broken]), { message: 'broken' })
  t.deepEqual(await done(), ['0001-a'])
})

test('a database that a later version has been at is refused', async t => {
  const { db } = await open()
  await migrate(db, 'sqlite', [step('0001-a'), step('0002-b')])
  await t.throwsAsync(migrate(db, 'sqlite', [step('0001-a')]), { code: 'ERR_DATABASE', message: /0002-b/ })
})
