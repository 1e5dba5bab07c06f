import type { Selectable } from 'kysely'
import type { Hex } from '../../core/index.ts'
import type { SubmissionTable } from '../database/tables/submissions.ts'
import type { Section } from '../listing/fields.ts'
import type { ListingId } from '../listing/listing-id.ts'
import type { SubmissionDraft } from './read-fields.ts'

/**
 * Where a submission is on its way.
 *
 * - `received`: its metadata is to be looked for, now or once more later
 * - `checking`: it is looked for right now
 * - `ready`: its files are known
 * - `unreachable`: nobody had its metadata for a day
 * - `accepted`, `rejected`: decided
 */
export type SubmissionState = SubmissionTable['state']

export const openStates = [
  'received',
  'checking',
  'ready',
  'unreachable',
] as const satisfies SubmissionState[]

interface SubmittedFile {
  readonly path: string
  readonly sizeBytes: number
}

/** A submission as moderators see it; a frozen snapshot. */
export interface Submission {
  /** Short and stable. */
  readonly id: number
  readonly state: SubmissionState
  readonly title: string
  readonly description: string
  readonly section: Section
  readonly tags: readonly string[]
  readonly license: string
  readonly creator: string | undefined
  readonly language: string | undefined
  /** Who signed it already; `undefined` where the site is to sign. */
  readonly publisher: Hex | undefined
  readonly magnet: string
  readonly infoHash: Hex | undefined
  readonly infoHashV2: Hex | undefined
  /** Whether its .torrent is here. */
  readonly hasTorrent: boolean
  /** The first 1,000 files; `undefined` until they are known. */
  readonly files: readonly SubmittedFile[] | undefined
  /** Of all files. */
  readonly fileCount: number | undefined
  readonly sizeBytes: number | undefined
  /** How often its metadata was looked for in vain, and why the last time. */
  readonly checkCount: number
  readonly problem: string | undefined
  /** What the submitter was told, and what only moderators read. */
  readonly reason: string | undefined
  readonly note: string | undefined
  readonly decidedBy: string | undefined
  readonly decidedAt: Date | undefined
  readonly listingId: ListingId | undefined
  /** Until some days after the decision. */
  readonly email: string | undefined
  readonly submittedAt: Date
  /** What has the same info-hash, 100 of each at most. */
  readonly duplicates: SubmissionDuplicates
}

export interface SubmissionDuplicates {
  readonly listings: readonly ListingId[]
  readonly submissions: readonly number[]
}

/** All that the submitter sees of a submission. */
export interface SubmissionStatus
  extends Pick<
    Submission,
    'id' | 'state' | 'title' | 'submittedAt' | 'decidedAt' | 'reason' | 'listingId' | 'problem'
  > {
  readonly duplicateListings: readonly ListingId[]
}

/** A submission as it is read: without its .torrent, which may be large. */
export type SubmissionRow = Omit<Selectable<SubmissionTable>, 'torrent'>

/** What the site is asked to list: the submitter's fields, or those of the listing that its publisher signed. */
export function draftOfRow(row: Pick<SubmissionRow, 'draft'>): SubmissionDraft {
  return JSON.parse(row.draft)
}

export function describeSubmission(
  row: SubmissionRow,
  { email, duplicates }: { email: string | undefined; duplicates: SubmissionDuplicates },
): Submission {
  const { title, description, section, tags, license, creator, language } = draftOfRow(row)
  return Object.freeze({
    id: row.number,
    state: row.state,
    title,
    description,
    section,
    tags: Object.freeze(tags),
    license,
    creator,
    language,
    publisher: row.publisher ?? undefined,
    magnet: row.magnet,
    infoHash: row.info_hash ?? undefined,
    infoHashV2: row.info_hash_v2 ?? undefined,
    hasTorrent: row.torrent_size_bytes > 0,
    files: row.files === null ? undefined : Object.freeze(JSON.parse(row.files)),
    fileCount: row.file_count ?? undefined,
    sizeBytes: row.size_bytes ?? undefined,
    checkCount: row.check_count,
    problem: row.problem ?? undefined,
    reason: row.reason ?? undefined,
    note: row.note ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    decidedAt: row.decided_at === null ? undefined : new Date(row.decided_at),
    listingId: row.listing_id ?? undefined,
    email,
    submittedAt: new Date(row.submitted_at),
    duplicates,
  })
}

export function statusOf(submission: Submission): SubmissionStatus {
  const { id, state, title, submittedAt, decidedAt, reason, listingId, problem, duplicates } = submission
  const duplicateListings = duplicates.listings
  return Object.freeze({
    id,
    state,
    title,
    submittedAt,
    decidedAt,
    reason,
    listingId,
    problem,
    duplicateListings,
  })
}
