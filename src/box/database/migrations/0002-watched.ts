import { type Kysely, sql } from 'kysely'

export const name = '0002-watched'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table watch_folder (
    path text not null primary key,
    device text not null
  ) strict`.execute(db)
  await sql`create table watched (
    path text not null primary key,
    folder text not null,
    kind text not null check (kind in ('clip', 'album', 'link')),
    info_hash text not null,
    stamp text not null,
    identity text not null,
    made_with text not null,
    listed_as text not null,
    is_elsewhere integer not null,
    files text not null
  ) strict`.execute(db)
  // Whoever is added takes the place behind the last one: thousands that are dropped at once ask for it.
  await sql`create index transfer_queue_place on transfer (queue_place)`.execute(db)
}
