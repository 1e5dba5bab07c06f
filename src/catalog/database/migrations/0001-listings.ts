import { type Kysely, sql } from 'kysely'
import { columnTypes, type Dialect } from '../../../database/index.ts'

export const name = '0001-listings'

export async function up(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  const { integer, bytes, clustered } = columnTypes(dialect)
  const statements = [
    sql`create table listing (
      key ${integer} primary key,
      number ${integer} not null unique,
      id text not null unique,
      publisher text not null,
      revision ${integer} not null,
      section text not null,
      size_bytes ${integer} not null,
      info_hash text,
      info_hash_v2 text,
      poster text,
      words text not null,
      seen_at ${integer} not null,
      seeds ${integer},
      leeches ${integer},
      health_at ${integer}
    )`,
    sql`create index listing_section on listing (section, key)`,
    sql`create index listing_publisher on listing (publisher, key)`,
    sql`create index listing_size on listing (size_bytes, key)`,
    sql`create index listing_health on listing (health_at, key)`,
    sql`create index listing_seeds on listing (seeds, key) where seeds is not null`,
    sql`create index listing_section_seeds on listing (section, seeds, key) where seeds is not null`,
    sql`create index listing_info_hash on listing (info_hash) where info_hash is not null`,
    sql`create index listing_info_hash_v2 on listing (info_hash_v2) where info_hash_v2 is not null`,
    sql`create index listing_poster on listing (poster) where poster is not null`,
    sql`create table listing_record (number ${integer} primary key, json text not null)`,
    sql`create table catalog_listing (
      listing_number ${integer} not null,
      catalog_id ${integer} not null,
      segment_id ${integer},
      primary key (listing_number, catalog_id)
    ) ${clustered}`,
    sql`create index catalog_listing_catalog on catalog_listing (catalog_id, listing_number)`,
    sql`create index catalog_listing_segment on catalog_listing (segment_id) where segment_id is not null`,
    sql`create table withdrawal (id text primary key, json text not null) ${clustered}`,
    sql`create table word (word text primary key, count ${integer} not null) ${clustered}`,
    sql`create table listing_counter (name text primary key, value ${integer} not null) ${clustered}`,
    sql`create table poster (sha256 text primary key, bytes ${bytes} not null)`,
    sql`create table torrent_file (info_hash text primary key, bytes ${bytes} not null)`,
    sql`create table blocked_publisher (publisher text primary key, blocked_at ${integer} not null) ${clustered}`,
  ]
  for (const statement of statements) await statement.execute(db)
  if (dialect === 'sqlite') {
    // Whatever is no ASCII is part of a word, as the words that we make need it.
    await sql`create virtual table listing_search
      using fts5(terms, content='', contentless_delete=1, tokenize='ascii')`.execute(db)
    // Bytes that are gathered before they are written: a batch at once, which leaves less to be merged.
    await sql`insert into listing_search (listing_search, rank) values ('hashsize', 16777216)`.execute(db)
  } else {
    await sql`alter table word alter column word type text collate "C"`.execute(db)
    await sql`create table listing_search (rowid bigint primary key, terms tsvector not null)`.execute(db)
    await sql`create index listing_search_terms on listing_search using gin (terms)`.execute(db)
  }
}
