import { createHash } from 'node:crypto'
import type { Kysely } from 'kysely'
import { P2pShareError } from '../../core/index.ts'
import type { CatalogSchema } from '../database/schema.ts'

/** How often something may be tried. */
export interface AttemptLimit {
  readonly count: number
  readonly withinMs: number
}

/**
 * Counts an attempt, in a window that begins with the first one. The count is in the database, so that several servers
 * share it; whose it is, is kept as a hash and for no longer than the window.
 *
 * @param name what is tried, and by whom
 * @throws {P2pShareError} `ERR_RATE_LIMITED`
 */
export async function countAttempt(
  db: Kysely<CatalogSchema>,
  name: readonly string[],
  { count, withinMs }: AttemptLimit,
  now: Date,
): Promise<void> {
  const time = now.getTime()
  const begins = time - withinMs
  const { count: made, since } = await db
    .insertInto('attempt')
    .values({ name: nameOf(name), count: 1, since: time })
    .onConflict(conflict =>
      conflict.column('name').doUpdateSet(eb => ({
        count: eb
          .case()
          .when('attempt.since', '<=', begins)
          .then(1)
          .else(eb('attempt.count', '+', 1))
          .end(),
        since: eb.case().when('attempt.since', '<=', begins).then(time).else(eb.ref('attempt.since')).end(),
      })),
    )
    .returning(['count', 'since'])
    .executeTakeFirstOrThrow()
  if (made <= count) return
  const minutes = Math.ceil((since + withinMs - time) / 60_000)
  throw new P2pShareError(
    'ERR_RATE_LIMITED',
    `That was too often in a short time: try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`,
  )
}

/** Forgets the counts whose windows began before a time. */
export async function forgetAttempts(db: Kysely<CatalogSchema>, before: Date): Promise<void> {
  await db.deleteFrom('attempt').where('since', '<', before.getTime()).execute()
}

function nameOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join(' ')).digest('hex')
}
