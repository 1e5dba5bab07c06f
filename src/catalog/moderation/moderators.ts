import { createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { Selectable } from 'kysely'
import { type Home, P2pShareError, writeFileAtomic } from '../../core/index.ts'
import { hashToken, newToken, sameToken } from '../../http/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { ModeratorTable } from '../database/tables/submissions.ts'
import { type AttemptLimit, countAttempt } from './attempts.ts'
import { writeAudit } from './audit-log.ts'
import { beginSession, endSession, findSession, maxSessionMs, usedAtStepMs } from './session-rows.ts'

/** Somebody who reviews submissions, known by a token that is kept as a hash. */
export interface Moderator {
  readonly number: number
  readonly name: string
  readonly createdAt: Date
  readonly usedAt: Date | undefined
}

/** Who decides on a submission, as the log names them. */
export type Reviewer = Pick<Moderator, 'name'>

/** A browser in which a moderator is signed in. */
export interface Session {
  /** The value of the cookie: a secret, which is kept as a hash. */
  readonly cookie: string
  /** What every form has to send along. */
  readonly csrf: string
  readonly moderator: Moderator
  /** By when the session ends at the latest; 12 hours without use end it too. */
  readonly expiresAt: Date
}

export interface ModeratorsInit {
  readonly database: CatalogDatabase
  /** Where the first token is written. */
  readonly home: Home
  readonly now?: (() => Date) | undefined
}

const hourMs = 3_600_000
const maxModerators = 200
const signInLimit: AttemptLimit = { count: 10, withinMs: hourMs / 4 }
const firstName = 'first'
const site = 'site'

/** Who may review submissions: tokens, and the sessions of browsers. */
export class Moderators {
  readonly #database: CatalogDatabase
  readonly #home: Home
  readonly #now: () => Date

  constructor({ database, home, now = () => new Date() }: ModeratorsInit) {
    this.#database = database
    this.#home = home
    this.#now = now
  }

  /**
   * Makes the first token where there is no moderator, and writes it to a file that only its owner may read: the path of
   * it, or `undefined` where there are moderators already. Of several servers that start at once, one makes it.
   *
   * @throws {P2pShareError} `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`
   */
  async first(): Promise<string | undefined> {
    return this.#database.transaction(async db => {
      const known = await db.selectFrom('moderator').select('number').limit(1).executeTakeFirst()
      if (known) return undefined
      const token = newToken()
      const made = await db
        .insertInto('moderator')
        .values({ name: firstName, token_hash: hashToken(token), created_at: this.#now().getTime() })
        .onConflict(conflict => conflict.column('name').doNothing())
        .returning('number')
        .executeTakeFirst()
      if (!made) return undefined
      const subject = `moderator ${firstName}`
      await writeAudit(db, { at: this.#now(), moderator: site, action: 'add-moderator', subject })
      const path = join(this.#home.data, 'moderator-token')
      await writeFileAtomic(path, `${token}\n`, 0o600)
      return path
    })
  }

  /**
   * Adds a moderator. The token is shown this once; what is kept is its hash.
   *
   * @param by the name of the moderator who adds @default site
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for a name that is none or is taken, and beyond 200
   */
  async add(name: string, by = site): Promise<{ moderator: Moderator; token: string }> {
    const trimmed = checkName(name)
    const token = newToken()
    const createdAt = this.#now()
    const number = await this.#database.transaction(async db => {
      const { count } = await db
        .selectFrom('moderator')
        .select(eb => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      if (Number(count) >= maxModerators)
        throw new P2pShareError(
          'ERR_INVALID_ARGUMENT',
          `There are ${maxModerators} moderators: remove one first`,
        )
      const made = await db
        .insertInto('moderator')
        .values({ name: trimmed, token_hash: hashToken(token), created_at: createdAt.getTime() })
        .onConflict(conflict => conflict.column('name').doNothing())
        .returning('number')
        .executeTakeFirst()
      if (!made)
        throw new P2pShareError('ERR_INVALID_ARGUMENT', `There is a moderator called ${trimmed} already`)
      const subject = `moderator ${trimmed}`
      await writeAudit(db, { at: createdAt, moderator: by, action: 'add-moderator', subject })
      return made.number
    })
    return { moderator: Object.freeze({ number, name: trimmed, createdAt, usedAt: undefined }), token }
  }

  /**
   * Removes a moderator, and ends their sessions.
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` where nobody has that name
   */
  async remove(name: string, by = site): Promise<void> {
    const trimmed = checkName(name)
    await this.#database.transaction(async db => {
      const gone = await db
        .deleteFrom('moderator')
        .where('name', '=', trimmed)
        .returning('number')
        .executeTakeFirst()
      if (!gone)
        throw new P2pShareError('ERR_INVALID_ARGUMENT', `There is no moderator called ${name.trim()}`)
      await db.deleteFrom('moderator_session').where('moderator_number', '=', gone.number).execute()
      const subject = `moderator ${trimmed}`
      await writeAudit(db, { at: this.#now(), moderator: by, action: 'remove-moderator', subject })
    })
  }

  async list(): Promise<Moderator[]> {
    const rows = await this.#database.db.selectFrom('moderator').selectAll().orderBy('number').execute()
    return rows.map(moderatorOf)
  }

  /** Whose token it is; `undefined` where it is nobody's. */
  async identify(token: string): Promise<Moderator | undefined> {
    const { db } = this.#database
    if (token.length > 200) return undefined
    const row = await db
      .selectFrom('moderator')
      .selectAll()
      .where('token_hash', '=', hashToken(token))
      .executeTakeFirst()
    if (!row) return undefined
    const now = this.#now().getTime()
    if (now - (row.used_at ?? 0) >= usedAtStepMs)
      await db.updateTable('moderator').set({ used_at: now }).where('number', '=', row.number).execute()
    return moderatorOf(row)
  }

  /**
   * Signs a browser in.
   *
   * @param address of the client, by which failed attempts are counted
   * @throws {P2pShareError} `ERR_NOT_AUTHORIZED`, `ERR_RATE_LIMITED` after 10 attempts in 15 minutes
   */
  async signIn(token: string, { address }: { address: string }): Promise<Session> {
    const now = this.#now()
    await countAttempt(this.#database.db, ['sign-in', address], signInLimit, now)
    const moderator = await this.identify(token.trim())
    if (!moderator)
      throw new P2pShareError(
        'ERR_NOT_AUTHORIZED',
        'This is no moderator’s token: check that all of it was copied',
      )
    const cookie = await this.#database.transaction(async db => {
      const subject = `moderator ${moderator.name}`
      await writeAudit(db, { at: now, moderator: moderator.name, action: 'sign-in', subject })
      return beginSession(db, moderator.number, now)
    })
    return sessionOf(cookie, moderator, now)
  }

  /** The session of a cookie; `undefined` where it ended. */
  async session(cookie: string): Promise<Session | undefined> {
    const found = await findSession(this.#database.db, cookie, this.#now())
    return found && sessionOf(cookie, moderatorOf(found.moderator), found.beganAt)
  }

  async signOut(cookie: string): Promise<void> {
    await endSession(this.#database.db, cookie)
  }
}

/** Whether a form was sent from a page of this session. */
export function isCsrf({ csrf }: Pick<Session, 'csrf'>, given: string): boolean {
  return sameToken(csrf, given)
}

function sessionOf(cookie: string, moderator: Moderator, beganAt: Date): Session {
  const csrf = createHmac('sha256', cookie).update('csrf').digest('base64url')
  const expiresAt = new Date(beganAt.getTime() + maxSessionMs)
  return Object.freeze({ cookie, csrf, moderator, expiresAt })
}

function moderatorOf(row: Omit<Selectable<ModeratorTable>, 'token_hash'>): Moderator {
  return Object.freeze({
    number: row.number,
    name: row.name,
    createdAt: new Date(row.created_at),
    usedAt: row.used_at === null ? undefined : new Date(row.used_at),
  })
}

function checkName(name: string): string {
  const trimmed = name.trim()
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@-]{0,49}$/u.test(trimmed) && trimmed !== site) return trimmed
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    'A moderator’s name has 1 to 50 letters, digits, spaces and . _ @ -',
  )
}
