import { visibleName } from '../core/index.ts'
import { fitWidth } from './display-width.ts'
import type { Env } from './env.ts'
import { formatCount, formatSize } from './format.ts'
import { formatFacts, formatTable } from './table.ts'

/** A submission as the site gives it to moderators. */
export interface SubmissionAnswer {
  readonly id: number
  readonly state: string
  readonly title: string
  readonly description: string
  readonly section: string
  readonly tags: readonly string[]
  readonly license: string
  readonly creator?: string
  readonly language?: string
  readonly publisher?: string
  readonly magnet: string
  readonly hasTorrent: boolean
  readonly files?: readonly { readonly path: string; readonly sizeBytes: number }[]
  readonly fileCount?: number
  readonly sizeBytes?: number
  readonly problem?: string
  readonly reason?: string
  readonly note?: string
  readonly decidedBy?: string
  readonly decidedAt?: string
  readonly listingId?: string
  readonly email?: string
  readonly submittedAt: string
  readonly duplicates: { readonly listings: readonly string[]; readonly submissions: readonly number[] }
}

const filesShown = 50
/** All columns but number and title, with the space between them. */
const fixedColumns = 11 + 8 + 7 + 10 + 5 * 2
const leastTitle = 16

/** Submissions as a table that fits the terminal; `!` marks those of which there are others with the same info-hash. */
export function formatSubmissions(submissions: readonly SubmissionAnswer[], env: Env): Promise<string> {
  const numberColumns = Math.max(1, ...submissions.map(({ id }) => String(id).length))
  const titleColumns = Math.max(leastTitle, (env.stdout.columns ?? 80) - fixedColumns - numberColumns)
  const rows = submissions.map(submission => [
    `${submission.id}`,
    fitWidth(`${isDuplicate(submission) ? '! ' : ''}${visibleName(submission.title)}`, titleColumns),
    visibleName(submission.state),
    visibleName(submission.section),
    submission.sizeBytes === undefined ? '?' : formatSize(submission.sizeBytes),
    submission.submittedAt.slice(0, 10),
  ])
  return formatTable(['>#', 'Title', 'State', 'Section', '>Size', 'Date'], rows, env.stdout, env)
}

/** All that a moderator decides by. */
export async function formatSubmission(submission: SubmissionAnswer, env: Env): Promise<string> {
  const { sizeBytes, fileCount, files = [], duplicates, decidedBy, decidedAt } = submission
  const same = [
    ...duplicates.listings.map(id => `listing ${id}`),
    ...duplicates.submissions.map(id => `submission ${id}`),
  ]
  const facts: [string, string | undefined][] = [
    ['Title', submission.title],
    ['State', submission.state],
    ['Problem', submission.problem],
    ['Section', submission.section],
    ['Tags', submission.tags.join(', ') || undefined],
    ['Licence', submission.license],
    ['Creator', submission.creator],
    ['Language', submission.language],
    ['Size', sizeBytes === undefined ? 'not known yet' : formatSize(sizeBytes)],
    ['Files', fileCount === undefined ? 'not known yet' : `${fileCount}`],
    ['The same', same.join(', ') || undefined],
    ['Signed by', submission.publisher ?? 'nobody yet: this site would sign'],
    ['From', submission.email],
    ['Submitted', submission.submittedAt],
    ['Decided', decidedAt && `${decidedAt} by ${decidedBy ?? ''}`],
    ['Reason', submission.reason],
    ['Note', submission.note],
    ['Listing', submission.listingId],
    ['Link', submission.magnet],
  ]
  const parts = [
    await formatFacts(
      facts.map(([name, value]) => [name, value && visibleName(value)] as const),
      env.stdout,
      env,
    ),
    ...(submission.description === '' ? [] : [linesOf(submission.description)]),
    ...(files.length === 0 ? [] : [await formatFiles(files, fileCount ?? files.length, env)]),
  ]
  return parts.join('\n\n')
}

async function formatFiles(
  files: NonNullable<SubmissionAnswer['files']>,
  fileCount: number,
  env: Env,
): Promise<string> {
  const shown = files.slice(0, filesShown)
  const rows = shown.map(({ path, sizeBytes }) => [formatSize(sizeBytes), visibleName(path)])
  const table = await formatTable(['>Size', 'Path'], rows, env.stdout, env)
  const left = fileCount - shown.length
  return left > 0 ? `${table}\n${formatCount(left, 'more file')}` : table
}

function linesOf(text: string): string {
  return text.split('\n').map(visibleName).join('\n')
}

function isDuplicate({ duplicates: { listings, submissions } }: SubmissionAnswer): boolean {
  return listings.length + submissions.length > 0
}
