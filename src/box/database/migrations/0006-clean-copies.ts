import { type Kysely, sql } from 'kysely'

export const name = '0006-clean-copies'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`create table clean_copy (
    path text not null,
    transfer_id integer not null,
    primary key (path, transfer_id)
  ) strict, without rowid`.execute(db)
  await sql`create index clean_copy_transfer on clean_copy (transfer_id)`.execute(db)
}
