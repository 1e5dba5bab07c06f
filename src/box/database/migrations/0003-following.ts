import { type Kysely, sql } from 'kysely'

export const name = '0003-following'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table feed (
    url text primary key,
    title text not null,
    etag text not null,
    last_modified text not null,
    synced_at integer,
    problem text not null
  ) strict`.execute(db)
  await sql`create table feed_item (
    number integer primary key,
    feed_url text not null references feed (url) on delete cascade,
    guid text not null,
    title text not null,
    magnet text not null,
    torrent_url text not null,
    info_hash text,
    size_bytes integer,
    seeds integer,
    listed_at integer not null,
    unique (feed_url, guid)
  ) strict`.execute(db)
  await sql`create table mirrored (
    info_hash text primary key,
    size_bytes integer not null,
    is_admitted integer not null,
    is_removed integer not null
  ) strict, without rowid`.execute(db)
}
