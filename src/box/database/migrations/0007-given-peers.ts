import { type Kysely, sql } from 'kysely'

export const name = '0007-given-peers'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table transfer add column peers text not null default ''`.execute(db)
}
