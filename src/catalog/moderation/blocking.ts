import type { Kysely } from 'kysely'
import { type Hex, P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { ListingStore } from '../store/listing-store.ts'
import { hashEmailAddress, hintOfEmailAddress, readEmailAddress } from '../submission/email-address.ts'
import { openStates } from '../submission/submission.ts'
import { writeAudit } from './audit-log.ts'
import type { Reviewer } from './moderators.ts'

/** Who is blocked: by the key that signs, by the e-mail address, or as whoever sent a submission. */
export type BlockTarget =
  | { readonly publisher: Hex }
  | { readonly email: string }
  | { readonly submission: number }

export interface BlockedEmail {
  /** SHA-256 of the address: what it is unblocked by. */
  readonly hash: Hex
  /** `m…@example.org` */
  readonly hint: string
  readonly blockedAt: Date
}

export interface BlockingInit {
  readonly database: CatalogDatabase
  readonly store: Pick<ListingStore, 'search' | 'blockPublisher' | 'unblockPublisher' | 'blockedPublishers'>
  readonly catalog: {
    find(reference: string): Promise<{ readonly number: number }>
    remove(id: ListingId, from: string): Promise<void>
  }
  readonly ownCatalog: string
  readonly now: () => Date
}

const pageSize = 100

/** Blocks publishers and submitters. What waits from them is rejected without a mail; what a publisher has listed goes. */
export class Blocking {
  readonly #init: BlockingInit

  constructor(init: BlockingInit) {
    this.#init = init
  }

  /** See `SubmissionDesk.block`. */
  async block(target: BlockTarget, { name }: Reviewer): Promise<void> {
    if ('publisher' in target) return this.#blockPublisher(target.publisher, name)
    if ('email' in target) return this.#blockEmail(addressOf(target.email), name)
    const row = await this.#init.database.db
      .selectFrom('submission')
      .leftJoin('submission_contact as contact', 'contact.submission_number', 'submission.number')
      .select(['submission.publisher', 'contact.email'])
      .where('submission.number', '=', target.submission)
      .executeTakeFirst()
    if (!row) throw new P2pShareError('ERR_NO_SUCH_SUBMISSION', `There is no submission ${target.submission}`)
    if (row.publisher !== null) await this.#blockPublisher(row.publisher, name)
    if (row.email !== null) await this.#blockEmail(row.email, name)
    if (row.publisher === null && row.email === null)
      throw new P2pShareError('ERR_NO_SUCH_SUBMISSION', 'Who sent this submission is no longer kept')
  }

  /** See `SubmissionDesk.unblock`. */
  async unblock(
    target: { readonly publisher: Hex } | { readonly email: string } | { readonly emailHash: Hex },
    { name }: Reviewer,
  ): Promise<void> {
    const { database, store, now } = this.#init
    const entry = { at: now(), moderator: name, action: 'unblock' } as const
    if ('publisher' in target) {
      const publisher = keyOf(target.publisher)
      await store.unblockPublisher(publisher)
      return writeAudit(database.db, { ...entry, subject: `publisher ${publisher}` })
    }
    const hash = 'email' in target ? hashEmailAddress(addressOf(target.email)) : keyOf(target.emailHash)
    await database.transaction(async db => {
      const gone = await db
        .deleteFrom('blocked_email')
        .where('email_hash', '=', hash)
        .returning('email_hash')
        .executeTakeFirst()
      if (gone) await writeAudit(db, { ...entry, subject: submitterOf(gone.email_hash) })
    })
  }

  async blocked(): Promise<{
    readonly publishers: readonly Hex[]
    readonly emails: readonly BlockedEmail[]
  }> {
    const rows = await this.#init.database.db
      .selectFrom('blocked_email')
      .selectAll()
      .orderBy('blocked_at', 'desc')
      .limit(1_000)
      .execute()
    const emails = rows.map(row =>
      Object.freeze({ hash: row.email_hash, hint: row.hint, blockedAt: new Date(row.blocked_at) }),
    )
    return { publishers: await this.#init.store.blockedPublishers(), emails }
  }

  async #blockPublisher(key: Hex, moderator: string): Promise<void> {
    const { database, store, now } = this.#init
    const publisher = keyOf(key)
    const removed = await this.#removeListings(publisher)
    await store.blockPublisher(publisher, now())
    await database.transaction(async db => {
      const subject = `publisher ${publisher}`
      await writeAudit(db, { at: now(), moderator, action: 'block', subject, detail: { removed } })
      await this.#rejectOpen(db, moderator, eb => eb.where('publisher', '=', publisher))
    })
  }

  async #blockEmail(email: string, moderator: string): Promise<void> {
    const { database, now } = this.#init
    const hash = hashEmailAddress(email)
    const hint = hintOfEmailAddress(email)
    await database.transaction(async db => {
      await db
        .insertInto('blocked_email')
        .values({ email_hash: hash, hint, blocked_at: now().getTime() })
        .onConflict(conflict => conflict.doNothing())
        .execute()
      await writeAudit(db, { at: now(), moderator, action: 'block', subject: submitterOf(hash) })
      const theirs = db
        .selectFrom('submission_contact')
        .select('submission_number')
        .where('email_hash', '=', hash)
      await this.#rejectOpen(db, moderator, query => query.where('number', 'in', theirs))
    })
  }

  /** Out of the site's own catalog one by one, so that those who follow it hear of each. */
  async #removeListings(publisher: Hex): Promise<number> {
    const { store, catalog, ownCatalog } = this.#init
    const { number: catalogId } = await catalog.find(ownCatalog)
    let removed = 0
    for (;;) {
      const { listings } = await store.search({ publisher, catalogId, sort: 'newest', limit: pageSize })
      for (const { id } of listings) await catalog.remove(id, ownCatalog)
      removed += listings.length
      if (listings.length < pageSize) return removed
    }
  }

  async #rejectOpen(
    db: Kysely<CatalogSchema>,
    moderator: string,
    narrow: (query: ReturnType<typeof openSubmissions>) => ReturnType<typeof openSubmissions>,
  ): Promise<void> {
    const at = this.#init.now()
    const rejected = await narrow(openSubmissions(db))
      .set({
        state: 'rejected',
        reason: 'This site takes no submissions from you.',
        note: 'Rejected because its submitter was blocked',
        decided_by: moderator,
        decided_at: at.getTime(),
        torrent: null,
        torrent_size_bytes: 0,
      })
      .returning('number')
      .execute()
    for (const { number } of rejected)
      await writeAudit(db, {
        at,
        moderator,
        action: 'reject',
        subject: `submission ${number}`,
        detail: { blocked: true },
      })
  }
}

function openSubmissions(db: Kysely<CatalogSchema>) {
  return db.updateTable('submission').where('state', 'in', openStates)
}

/** What the log calls a submitter: nothing that leads to the address. */
function submitterOf(emailHash: Hex): string {
  return `submitter ${emailHash.slice(0, 16)}`
}

/** A publisher's key, or the SHA-256 of an address. */
function keyOf(digits: string): Hex {
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toLowerCase()
  throw new P2pShareError('ERR_INVALID_ARGUMENT', 'Who is blocked is named by 64 hexadecimal digits')
}

function addressOf(email: string): string {
  const address = readEmailAddress(email)
  if (address !== undefined) return address
  throw new P2pShareError('ERR_INVALID_ARGUMENT', 'This is no e-mail address')
}
