import { type Kysely, sql } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'

const numberCounter = 'number'

/**
 * Lets nobody else change listings before this transaction ends: the first thing that each does which changes some.
 *
 * @returns the last number that a listing was given
 */
export async function lockListings(db: Kysely<CatalogSchema>): Promise<number> {
  const { value } = await db
    .insertInto('listing_counter')
    .values({ name: numberCounter, value: 0 })
    .onConflict(conflict => conflict.column('name').doUpdateSet({ name: numberCounter }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}

/** Adds `by` to a counter for each time that it is named. */
export async function addToCounters(
  db: Kysely<CatalogSchema>,
  by: number,
  names: readonly string[],
): Promise<void> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + by)
  for (const [name, value] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1)))
    await sql`insert into listing_counter as counter (name, value) values (${name}, ${value})
      on conflict (name) do update set value = counter.value + excluded.value`.execute(db)
}
