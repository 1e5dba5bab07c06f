import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { type Identity, P2pShareError } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import { type Listing, readRecord } from '../listing/record.ts'
import { signListing } from '../listing/sign.ts'
import type { Notice } from '../mail/compose.ts'
import type { Mailer } from '../mail/mailer.ts'
import { writeAudit } from '../moderation/audit-log.ts'
import type { Reviewer } from '../moderation/moderators.ts'
import { describePoster, type ListingExtras } from '../publishing.ts'
import type { StoredListing } from '../store/listing-store.ts'
import { alreadyDecided } from './already-decided.ts'
import type { Corrections } from './corrections.ts'
import type { DeskSettings } from './desk-settings.ts'
import { draftOfRow, openStates, type SubmissionRow } from './submission.ts'
import type { SubmissionChanges } from './submission-input.ts'
import { type SubmissionReader, submissionColumns } from './submission-reader.ts'

/** What of a `Catalog` is needed to list what was accepted. */
export interface ReviewCatalog {
  identity(): Promise<Identity>
  accept(listing: Listing, options: ListingExtras & { to?: string | undefined }): Promise<StoredListing>
}

export interface ReviewInit {
  readonly database: CatalogDatabase
  readonly catalog: ReviewCatalog
  /** Name or number of the catalog that accepted listings go to. */
  readonly ownCatalog: string
  readonly reader: SubmissionReader
  readonly mailer: Mailer
  readonly settings: DeskSettings
  readonly now: () => Date
}

/** How a submission is accepted. */
export interface Acceptance extends SubmissionChanges {
  /** WebP of at most 32 KiB; not for what its publisher signed without one. */
  readonly poster?: Uint8Array | undefined
  /** For other moderators only. */
  readonly note?: string | undefined
}

export interface Rejection {
  /** What the submitter is told. */
  readonly reason: string
  /** For other moderators only. */
  readonly note?: string | undefined
}

const maxWords = 2_000
/** How long a decision that was cut short keeps others from deciding. */
const decisionMs = 60_000

/** Decides submissions. Of several moderators who decide one at the same time, one does. */
export class Review {
  readonly #init: ReviewInit
  readonly #corrections: Corrections

  constructor(init: ReviewInit, corrections: Corrections) {
    this.#init = init
    this.#corrections = corrections
  }

  /** See `SubmissionDesk.accept`. */
  async accept(id: number, acceptance: Acceptance, { name }: Reviewer): Promise<StoredListing> {
    const { poster, note, ...changes } = acceptance
    const internal = wordsOf(note, 'note')
    if (Object.values(changes).some(value => value !== undefined))
      await this.#corrections.edit(id, changes, { name })
    const holder = randomBytes(8).toString('hex')
    const row = await this.#claim(id, holder)
    try {
      const listing = await this.#listingOf(row, poster, holder)
      const torrent = (await this.#init.reader.torrent(id)) ?? undefined
      const to = this.#init.ownCatalog
      const stored = await this.#init.catalog.accept(listing, { to, poster, torrent })
      await this.#decide(row, holder, name, {
        state: 'accepted',
        note: internal,
        listing_id: listing.id,
        action: 'accept',
        detail: { title: listing.title, listing: listing.id, note: internal },
        notice: {
          kind: 'accepted',
          id,
          title: listing.title,
          url: this.#init.settings.listingUrl(listing.id),
        },
      })
      return stored
    } catch (error) {
      await this.#release(id, holder)
      throw error
    }
  }

  /** See `SubmissionDesk.reject`. */
  async reject(id: number, { reason, note }: Rejection, { name }: Reviewer): Promise<void> {
    const told = wordsOf(reason, 'reason')
    if (told === null)
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        'A rejection takes a reason, which the submitter is told',
      )
    const internal = wordsOf(note, 'note')
    const holder = randomBytes(8).toString('hex')
    const row = await this.#claim(id, holder)
    const { title } = draftOfRow(row)
    await this.#decide(row, holder, name, {
      state: 'rejected',
      reason: told,
      note: internal,
      action: 'reject',
      detail: { title, reason: told, note: internal },
      notice: { kind: 'rejected', id, title, reason: told, url: '' },
    })
  }

  /** Keeps others from deciding while a listing is being published. */
  async #claim(id: number, holder: string): Promise<SubmissionRow> {
    const { database, reader, now } = this.#init
    const time = now().getTime()
    const claimed = await database.db
      .updateTable('submission')
      .set({ decision_by: holder, decision_until: time + decisionMs })
      .where('number', '=', id)
      .where('state', 'in', openStates)
      .where('decision_until', '<=', time)
      .returning(submissionColumns)
      .executeTakeFirst()
    if (claimed) return claimed
    await reader.row(id)
    throw alreadyDecided(id)
  }

  async #release(id: number, holder: string): Promise<void> {
    await this.#init.database.db
      .updateTable('submission')
      .set({ decision_by: null, decision_until: 0 })
      .where('number', '=', id)
      .where('decision_by', '=', holder)
      .execute()
  }

  /**
   * The listing to be published. The nonce is written down before, so that a decision that is cut short and made again
   * gives a later revision of the same listing instead of a second one.
   */
  async #listingOf(row: SubmissionRow, poster: Uint8Array | undefined, holder: string): Promise<Listing> {
    if (row.listing !== null) return readRecord(row.listing) as Listing
    if (row.size_bytes === null || row.file_count === null)
      throw new P2pShareError(
        'ERR_INVALID_LISTING',
        'Nobody had the metadata of this magnet link yet, so that its files are not known: have it looked for again',
      )
    const { database, catalog, now } = this.#init
    const nonce = row.nonce ?? randomBytes(16).toString('hex')
    await database.db
      .updateTable('submission')
      .set({ nonce, revision: row.revision + 1 })
      .where('number', '=', row.number)
      .where('decision_by', '=', holder)
      .execute()
    const draft = {
      ...draftOfRow(row),
      magnet: row.magnet,
      sizeBytes: row.size_bytes,
      fileCount: row.file_count,
      ...(poster ? { poster: await describePoster(poster) } : {}),
    }
    const revises = { nonce, revision: row.revision }
    return signListing(draft, await catalog.identity(), { revises, now: now() })
  }

  async #decide(
    row: SubmissionRow,
    holder: string,
    moderator: string,
    { notice, action, detail, ...columns }: Decision,
  ): Promise<void> {
    const { database, mailer, settings, now } = this.#init
    await database.transaction(async db => {
      const at = now()
      const { numUpdatedRows } = await db
        .updateTable('submission')
        .set({
          ...columns,
          decided_by: moderator,
          decided_at: at.getTime(),
          decision_by: null,
          decision_until: 0,
          check_by: null,
          check_until: 0,
          torrent: null,
          torrent_size_bytes: 0,
        })
        .where('number', '=', row.number)
        .where('state', 'in', openStates)
        .where('decision_by', '=', holder)
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0) throw alreadyDecided(row.number)
      await writeAudit(db, { at, moderator, action, subject: `submission ${row.number}`, detail })
      const contact = await contactOf(db, row.number)
      if (!contact) return
      const url = notice.kind === 'rejected' ? settings.statusUrl(row.number, contact.secret) : notice.url
      await mailer.queue(db, contact.email, { ...notice, url })
    })
    mailer.wake()
  }
}

interface Decision {
  readonly state: 'accepted' | 'rejected'
  readonly reason?: string
  readonly note: string | null
  readonly listing_id?: string
  readonly action: 'accept' | 'reject'
  readonly detail: Readonly<Record<string, unknown>>
  readonly notice: Notice
}

async function contactOf(
  db: Kysely<CatalogSchema>,
  number: number,
): Promise<{ email: string; secret: string } | undefined> {
  return db
    .selectFrom('submission_contact')
    .select(['email', 'secret'])
    .where('submission_number', '=', number)
    .executeTakeFirst()
}

/** What a moderator wrote, or null where nothing. */
function wordsOf(text: string | undefined, what: string): string | null {
  const lines = (text ?? '').toWellFormed().replace(/\r\n?/g, '\n')
  const words = lines.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ').trim()
  if (words.length > maxWords)
    throw new P2pShareError('ERR_INVALID_ARGUMENT', `The ${what} is longer than ${maxWords} characters`)
  return words === '' ? null : words
}
