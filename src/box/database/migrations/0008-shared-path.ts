import { type Kysely, sql } from 'kysely'

export const name = '0008-shared-path'

// biome-ignore lint/suspicious/noExplicitAny: the tables are only being made
export async function up(db: Kysely<any>): Promise<void> {
  await sql`alter table transfer add column path text not null default ''`.execute(db)
}
