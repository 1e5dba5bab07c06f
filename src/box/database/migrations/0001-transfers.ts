import { type Kysely, sql } from 'kysely'

export const name = '0001-transfers'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table transfer (
    id integer primary key autoincrement,
    info_hash text not null unique,
    name text not null,
    kind text not null check (kind in ('get', 'share')),
    magnet text not null,
    torrent blob,
    sources text not null,
    folder text not null,
    origin text not null,
    labels text not null,
    added_at integer not null,
    done_at integer,
    is_paused integer not null,
    queue_place integer not null,
    upload_limit integer,
    download_limit integer,
    ratio_goal real,
    seed_ms_goal integer,
    priorities text not null,
    uploaded integer not null,
    downloaded integer not null,
    seeding_ms integer not null
  ) strict`.execute(db)
}
