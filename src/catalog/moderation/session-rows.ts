import type { Kysely, Selectable } from 'kysely'
import { hashToken, newToken } from '../../http/index.ts'
import type { CatalogSchema } from '../database/schema.ts'
import type { ModeratorTable } from '../database/tables/submissions.ts'

const hourMs = 3_600_000
export const maxSessionMs = 7 * 24 * hourMs
const maxIdleMs = 12 * hourMs
/** Of one moderator; of more, those used last are kept. */
const maxSessions = 20
/** How fresh a time of last use is kept: a write for every page would be too many. */
export const usedAtStepMs = 60_000

/** Writes down a new session, and deletes those that have ended. Answers its secret, of which only a hash is kept. */
export async function beginSession(db: Kysely<CatalogSchema>, moderator: number, now: Date): Promise<string> {
  const time = now.getTime()
  await db
    .deleteFrom('moderator_session')
    .where(eb => eb.or([eb('created_at', '<=', time - maxSessionMs), eb('used_at', '<=', time - maxIdleMs)]))
    .execute()
  const kept = await db
    .selectFrom('moderator_session')
    .select('hash')
    .where('moderator_number', '=', moderator)
    .orderBy('used_at', 'desc')
    .limit(maxSessions - 1)
    .execute()
  const cookie = newToken()
  const hash = hashToken(cookie)
  await db
    .insertInto('moderator_session')
    .values({ hash, moderator_number: moderator, created_at: time, used_at: time })
    .execute()
  await db
    .deleteFrom('moderator_session')
    .where('moderator_number', '=', moderator)
    .where('hash', 'not in', [hash, ...kept.map(other => other.hash)])
    .execute()
  return cookie
}

/** The session of a cookie with its moderator, unless it ended. */
export async function findSession(
  db: Kysely<CatalogSchema>,
  cookie: string,
  now: Date,
): Promise<{ moderator: Selectable<ModeratorTable>; beganAt: Date } | undefined> {
  if (cookie.length > 200) return undefined
  const time = now.getTime()
  const row = await db
    .selectFrom('moderator_session as session')
    .innerJoin('moderator', 'moderator.number', 'session.moderator_number')
    .selectAll('moderator')
    .select(['session.hash', 'session.created_at as began_at', 'session.used_at as seen_at'])
    .where('session.hash', '=', hashToken(cookie))
    .where('session.created_at', '>', time - maxSessionMs)
    .where('session.used_at', '>', time - maxIdleMs)
    .executeTakeFirst()
  if (!row) return undefined
  if (time - row.seen_at >= usedAtStepMs)
    await db.updateTable('moderator_session').set({ used_at: time }).where('hash', '=', row.hash).execute()
  return { moderator: row, beganAt: new Date(row.began_at) }
}

export async function endSession(db: Kysely<CatalogSchema>, cookie: string): Promise<void> {
  await db.deleteFrom('moderator_session').where('hash', '=', hashToken(cookie)).execute()
}
