import { type Kysely, sql } from 'kysely'

export const name = '0005-hooks'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table waiting_hook (
    number integer primary key autoincrement,
    event text not null check (event in ('added', 'done')),
    title text not null,
    variables text not null
  ) strict`.execute(db)
}
