import { type Kysely, sql } from 'kysely'
import { P2pShareError } from '../core/index.ts'
import type { Dialect, Migration } from './migration.ts'

// Any number does, as long as nobody else takes it on the same PostgreSQL database.
const advisoryLock = 7_062_512_480

/**
 * Brings a database to this version's form. Several processes may do so at once.
 *
 * @throws {P2pShareError} `ERR_DATABASE` where a later version has been at it
 */
export async function migrate(
  // biome-ignore lint/suspicious/noExplicitAny: the tables are only about to be made
  db: Kysely<any>,
  dialect: Dialect,
  steps: readonly Migration[],
): Promise<void> {
  await db.transaction().execute(async db => {
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(db)
    await sql`create table if not exists migration (name text primary key)`.execute(db)
    const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(db)
    const unknown = rows.find(({ name }, index) => steps[index]?.name !== name)
    if (unknown)
      throw new P2pShareError(
        'ERR_DATABASE',
        `This database comes from a later version of p2pshare (${unknown.name}): update p2pshare, or name another one`,
      )
    for (const { name, up } of steps.slice(rows.length)) {
      await up(db, dialect)
      await sql`insert into migration (name) values (${name})`.execute(db)
    }
  })
}
