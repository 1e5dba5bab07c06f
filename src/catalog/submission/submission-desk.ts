import type { Hex } from '../../core/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { Mailer } from '../mail/mailer.ts'
import { type AuditEntry, readAudit, writeAudit } from '../moderation/audit-log.ts'
import { type BlockedEmail, Blocking, type BlockingInit, type BlockTarget } from '../moderation/blocking.ts'
import type { Reviewer } from '../moderation/moderators.ts'
import type { ListingStore, StoredListing } from '../store/listing-store.ts'
import { Corrections } from './corrections.ts'
import { type DeskSettings, defaultDeskSettings } from './desk-settings.ts'
import type { MetadataSwarm } from './find-metadata.ts'
import { MagnetChecker } from './magnet-checker.ts'
import { receive } from './receive.ts'
import { type Acceptance, type Rejection, Review, type ReviewCatalog } from './review.ts'
import type { Submission, SubmissionState, SubmissionStatus } from './submission.ts'
import type { SubmissionChanges, SubmissionInput } from './submission-input.ts'
import { type ListSubmissionsOptions, SubmissionReader } from './submission-reader.ts'
import { sweep } from './sweep.ts'

/** What of a `Catalog` the desk needs. */
export type DeskCatalog = ReviewCatalog & BlockingInit['catalog']

export interface SubmissionDeskInit {
  readonly database: CatalogDatabase
  readonly store: ListingStore
  readonly catalog: DeskCatalog
  /** Name or number of the catalog that accepted listings go to. */
  readonly ownCatalog: string
  readonly mailer: Mailer
  /** Without it magnet links are not looked for. */
  readonly swarm?: MetadataSwarm | undefined
  readonly settings: Partial<DeskSettings> & Pick<DeskSettings, 'statusUrl' | 'listingUrl'>
  readonly now?: (() => Date) | undefined
  /** Called where work in the background failed; it is tried again. */
  readonly onProblem?: ((error: unknown) => void) | undefined
}

const sweepEveryMs = 10 * 60_000

/** Where people hand in what a site shall list, and where moderators decide on it. Several servers may share a database. */
export class SubmissionDesk {
  readonly #init: SubmissionDeskInit
  readonly #settings: DeskSettings
  readonly #now: () => Date
  readonly #reader: SubmissionReader
  readonly #review: Review
  readonly #corrections: Corrections
  readonly #blocking: Blocking
  readonly #checker: MagnetChecker | undefined
  #sweeping: NodeJS.Timeout | undefined
  #swept: Promise<void> = Promise.resolve()

  constructor(init: SubmissionDeskInit) {
    this.#init = init
    const settings: DeskSettings = { ...defaultDeskSettings, ...init.settings }
    const now = init.now ?? (() => new Date())
    const { database, catalog, ownCatalog, store, mailer, swarm, onProblem = () => {} } = init
    this.#settings = settings
    this.#now = now
    this.#reader = new SubmissionReader(database, store)
    const reader = this.#reader
    this.#corrections = new Corrections({ database, reader, now })
    this.#review = new Review(
      { database, catalog, ownCatalog, reader, mailer, settings, now },
      this.#corrections,
    )
    this.#blocking = new Blocking({ database, store, catalog, ownCatalog, now })
    if (swarm) this.#checker = new MagnetChecker({ database, swarm, settings, now, onProblem })
  }

  /**
   * Takes a submission into the queue. What a magnet link leads to is looked for in the background.
   *
   * @returns the submission with the secret of the link to its status, which is told this once
   * @throws {SubmissionError} with everything that is wrong with the fields
   * @throws {P2pShareError} `ERR_RATE_LIMITED`, `ERR_NOT_AUTHORIZED` for who is blocked
   */
  async submit(
    input: SubmissionInput,
    from: { readonly address: string },
  ): Promise<Submission & { readonly secret: string }> {
    const { database, store, mailer } = this.#init
    const init = { database, store, mailer, settings: this.#settings, now: this.#now }
    const { number, secret } = await receive(input, from, init)
    this.#checker?.wake()
    mailer.wake()
    return Object.freeze({ ...(await this.#reader.get(number)), secret })
  }

  /** @throws {P2pShareError} `ERR_NO_SUCH_SUBMISSION` */
  get(id: number): Promise<Submission> {
    return this.#reader.get(id)
  }

  /** Newest first. */
  list(options?: ListSubmissionsOptions): Promise<Submission[]> {
    return this.#reader.list(options)
  }

  /** How many submissions there are in each state. */
  counts(): Promise<Readonly<Record<SubmissionState, number>>> {
    return this.#reader.counts()
  }

  /** The .torrent of an undecided submission, where it is known. */
  torrent(id: number): Promise<Uint8Array | undefined> {
    return this.#reader.torrent(id)
  }

  /** What the submitter may see by the link in the mail; `undefined` where the secret is not the right one. */
  statusFor(id: number, secret: string): Promise<SubmissionStatus | undefined> {
    return this.#reader.statusFor(id, secret)
  }

  /**
   * Lists a submission in the site's catalog: signed by the site, or as its publisher signed it. Changes are made first, as
   * by {@link SubmissionDesk.edit}.
   *
   * @throws {P2pShareError} `ERR_ALREADY_DECIDED`, `ERR_NO_SUCH_SUBMISSION`; `ERR_INVALID_LISTING` where its files are not
   *   known yet; `ERR_ROLLED_BACK` for a signed listing that was withdrawn since
   */
  accept(id: number, acceptance: Acceptance, moderator: Reviewer): Promise<StoredListing> {
    return this.#review.accept(id, acceptance, moderator)
  }

  /** @throws {P2pShareError} `ERR_ALREADY_DECIDED`, `ERR_NO_SUCH_SUBMISSION`, `ERR_INVALID_ARGUMENT` without a reason */
  reject(id: number, rejection: Rejection, moderator: Reviewer): Promise<void> {
    return this.#review.reject(id, rejection, moderator)
  }

  /**
   * Changes what will be listed.
   *
   * @throws {SubmissionError} with everything that is wrong with the fields
   * @throws {P2pShareError} `ERR_ALREADY_DECIDED`, `ERR_NO_SUCH_SUBMISSION`; `ERR_NOT_AUTHORIZED` where its publisher signed it
   */
  async edit(id: number, changes: SubmissionChanges, moderator: Reviewer): Promise<Submission> {
    await this.#corrections.edit(id, changes, moderator)
    return this.get(id)
  }

  /** Has the metadata looked for again. */
  async recheck(id: number, moderator: Reviewer): Promise<void> {
    await this.#corrections.recheck(id, moderator)
    this.#checker?.wake()
  }

  /**
   * Takes a listing out of the site's catalog.
   * @throws {P2pShareError} `ERR_NO_SUCH_LISTING`
   */
  async takeDown(
    id: ListingId,
    { note }: { readonly note?: string | undefined },
    { name }: Reviewer,
  ): Promise<void> {
    const { catalog, ownCatalog, database } = this.#init
    await catalog.remove(id, ownCatalog)
    const detail = { note: note?.slice(0, 2_000) ?? null }
    const entry = {
      at: this.#now(),
      moderator: name,
      action: 'take-down',
      subject: `listing ${id}`,
      detail,
    } as const
    await writeAudit(database.db, entry)
  }

  /**
   * Blocks a publisher, an e-mail address, or whoever sent a submission: what waits from them is rejected without a mail,
   * and what a publisher has listed is taken out of the site's catalog.
   *
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`, `ERR_NO_SUCH_SUBMISSION`
   */
  block(target: BlockTarget, moderator: Reviewer): Promise<void> {
    return this.#blocking.block(target, moderator)
  }

  unblock(
    target: { readonly publisher: Hex } | { readonly email: string } | { readonly emailHash: Hex },
    moderator: Reviewer,
  ): Promise<void> {
    return this.#blocking.unblock(target, moderator)
  }

  blocked(): Promise<{ readonly publishers: readonly Hex[]; readonly emails: readonly BlockedEmail[] }> {
    return this.#blocking.blocked()
  }

  /** What moderators did, newest first. */
  audit(options?: { limit?: number | undefined; before?: number | undefined }): Promise<AuditEntry[]> {
    return readAudit(this.#init.database.db, options)
  }

  /** Begins to look for metadata, to send mails, and to delete what is kept no longer. Idempotent. */
  start(): void {
    if (this.#sweeping) return
    this.#checker?.start()
    this.#init.mailer.start()
    this.#sweep()
    this.#sweeping = setInterval(() => this.#sweep(), sweepEveryMs)
  }

  /** Ends all of that; what is unfinished goes on at the next start. Idempotent. */
  async stop(): Promise<void> {
    clearInterval(this.#sweeping)
    this.#sweeping = undefined
    await Promise.all([this.#checker?.stop(), this.#init.mailer.stop(), this.#swept])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #sweep(): void {
    const { database, onProblem = () => {} } = this.#init
    this.#swept = sweep(database, this.#settings, this.#now()).catch(onProblem)
  }
}
