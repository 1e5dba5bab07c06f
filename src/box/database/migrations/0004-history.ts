import { type Kysely, sql } from 'kysely'

export const name = '0004-history'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table history (
    width integer not null,
    at integer not null,
    seconds real not null,
    uploaded integer not null,
    downloaded integer not null,
    peer_seconds real not null,
    primary key (width, at)
  ) strict, without rowid`.execute(db)
}
