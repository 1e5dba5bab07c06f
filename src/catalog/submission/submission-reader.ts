import { P2pShareError } from '../../core/index.ts'
import { hashToken, sameToken } from '../../http/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { ListingStore } from '../store/listing-store.ts'
import {
  describeSubmission,
  openStates,
  type Submission,
  type SubmissionDuplicates,
  type SubmissionRow,
  type SubmissionState,
  type SubmissionStatus,
  statusOf,
} from './submission.ts'

/** Everything but the .torrent. */
export const submissionColumns = [
  'number',
  'secret_hash',
  'state',
  'draft',
  'listing',
  'publisher',
  'magnet',
  'info_hash',
  'info_hash_v2',
  'torrent_size_bytes',
  'files',
  'file_count',
  'size_bytes',
  'check_count',
  'check_at',
  'problem',
  'check_by',
  'check_until',
  'decision_by',
  'decision_until',
  'nonce',
  'revision',
  'listing_id',
  'reason',
  'note',
  'decided_by',
  'decided_at',
  'submitted_at',
] as const satisfies (keyof SubmissionRow)[]

export interface ListSubmissionsOptions {
  /** `open` for all that are undecided. @default 'open' */
  readonly state?: SubmissionState | 'open' | undefined
  /** At most 100. @default 50 */
  readonly limit?: number | undefined
  /** Only submissions of a lower id. */
  readonly before?: number | undefined
}

const maxDuplicates = 100

/** Reads submissions out of the database. */
export class SubmissionReader {
  readonly #database: CatalogDatabase
  readonly #store: Pick<ListingStore, 'byInfoHash'>

  constructor(database: CatalogDatabase, store: Pick<ListingStore, 'byInfoHash'>) {
    this.#database = database
    this.#store = store
  }

  /** @throws {P2pShareError} `ERR_NO_SUCH_SUBMISSION` */
  async get(id: number): Promise<Submission> {
    return this.describe(await this.row(id))
  }

  /** @throws {P2pShareError} `ERR_NO_SUCH_SUBMISSION` */
  async row(id: number): Promise<SubmissionRow> {
    const row = Number.isSafeInteger(id)
      ? await this.#select().where('number', '=', id).executeTakeFirst()
      : undefined
    if (row) return row
    throw new P2pShareError('ERR_NO_SUCH_SUBMISSION', `There is no submission ${id}`)
  }

  /** Newest first. */
  async list({ state = 'open', limit = 50, before }: ListSubmissionsOptions = {}): Promise<Submission[]> {
    const rows = await this.#select()
      .where('state', 'in', state === 'open' ? [...openStates] : [state])
      .$if(before !== undefined, query => query.where('number', '<', before!))
      .orderBy('number', 'desc')
      .limit(Math.min(Math.max(limit, 1), 100))
      .execute()
    const submissions: Submission[] = []
    for (const row of rows) submissions.push(await this.describe(row))
    return submissions
  }

  /** How many there are in each state. */
  async counts(): Promise<Readonly<Record<SubmissionState, number>>> {
    const rows = await this.#database.db
      .selectFrom('submission')
      .select(eb => ['state', eb.fn.countAll<number>().as('count')] as const)
      .groupBy('state')
      .execute()
    const none = { received: 0, checking: 0, ready: 0, unreachable: 0, accepted: 0, rejected: 0 }
    return Object.freeze({ ...none, ...Object.fromEntries(rows.map(row => [row.state, Number(row.count)])) })
  }

  /** What the submitter may see; `undefined` where the secret is not that of the submission. */
  async statusFor(id: number, secret: string): Promise<SubmissionStatus | undefined> {
    if (!Number.isSafeInteger(id) || secret.length > 200) return undefined
    const row = await this.#select().where('number', '=', id).executeTakeFirst()
    if (!row || !sameToken(row.secret_hash, hashToken(secret))) return undefined
    return statusOf(await this.describe(row))
  }

  /** The .torrent of an undecided submission, where it is known. */
  async torrent(id: number): Promise<Uint8Array | undefined> {
    const row = await this.#database.db
      .selectFrom('submission')
      .select('torrent')
      .where('number', '=', id)
      .executeTakeFirst()
    return row?.torrent ?? undefined
  }

  async describe(row: SubmissionRow): Promise<Submission> {
    const contact = await this.#database.db
      .selectFrom('submission_contact')
      .select('email')
      .where('submission_number', '=', row.number)
      .executeTakeFirst()
    return describeSubmission(row, { email: contact?.email, duplicates: await this.#duplicates(row) })
  }

  async #duplicates({ number, info_hash, info_hash_v2 }: SubmissionRow): Promise<SubmissionDuplicates> {
    const hashes = [info_hash, info_hash_v2].filter(hash => hash !== null)
    const listings = new Set<string>()
    for (const hash of hashes) for (const { id } of await this.#store.byInfoHash(hash)) listings.add(id)
    const others = await this.#database.db
      .selectFrom('submission')
      .select('number')
      .where(eb => eb.or([eb('info_hash', 'in', hashes), eb('info_hash_v2', 'in', hashes)]))
      .where('number', '!=', number)
      .orderBy('number', 'desc')
      .limit(maxDuplicates)
      .execute()
    return Object.freeze({
      listings: Object.freeze([...listings].slice(0, maxDuplicates)),
      submissions: Object.freeze(others.map(other => other.number)),
    })
  }

  #select() {
    return this.#database.db.selectFrom('submission').select(submissionColumns)
  }
}
