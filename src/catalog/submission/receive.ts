import type { Kysely } from 'kysely'
import { P2pShareError } from '../../core/index.ts'
import { clientOf, hashToken, newToken } from '../../http/index.ts'
import type { CatalogDatabase } from '../database/catalog-database.ts'
import type { CatalogSchema } from '../database/schema.ts'
import type { Mailer } from '../mail/mailer.ts'
import { countAttempt } from '../moderation/attempts.ts'
import type { ListingStore } from '../store/listing-store.ts'
import type { DeskSettings } from './desk-settings.ts'
import { hashEmailAddress, readEmailAddress } from './email-address.ts'
import { metainfoColumns } from './metainfo-columns.ts'
import { readFields, type SubmissionDraft } from './read-fields.ts'
import { readWork, type SubmittedWork } from './read-work.ts'
import { openStates } from './submission.ts'
import type { SubmissionInput } from './submission-input.ts'
import { SubmissionError, type SubmissionProblem } from './submission-problem.ts'

export interface ReceiveInit {
  readonly database: CatalogDatabase
  readonly store: Pick<ListingStore, 'blockedPublishers'>
  readonly mailer: Mailer
  readonly settings: DeskSettings
  readonly now: () => Date
}

/**
 * Reads what was handed in and puts it into the queue, with a mail to whoever did; see `SubmissionDesk.submit`.
 *
 * @returns its number, and the secret of the link to its status
 */
export async function receive(
  input: SubmissionInput,
  from: { readonly address: string },
  init: ReceiveInit,
): Promise<{ number: number; secret: string }> {
  const { database, mailer, settings, now } = init
  const { work, draft, email } = readInput(input)
  const emailHash = hashEmailAddress(email)
  await refuseBlocked(emailHash, work, init)
  await refuseBeyondQueue(database.db, work, settings)
  await countAttempt(database.db, ['submit', clientOf(from.address)], settings.perAddress, now())
  await countAttempt(database.db, ['submit by mail', emailHash], settings.perEmail, now())
  const secret = newToken()
  return database.transaction(async db => {
    const time = now().getTime()
    const { number } = await db
      .insertInto('submission')
      .values({
        ...(work.metainfo ? metainfoColumns(work.metainfo) : { torrent_size_bytes: 0 }),
        secret_hash: hashToken(secret),
        state: work.metainfo ? 'ready' : 'received',
        draft: JSON.stringify(draft),
        listing: work.listing?.json ?? null,
        publisher: work.listing?.publisher ?? null,
        magnet: work.magnet,
        info_hash: work.infoHash ?? null,
        info_hash_v2: work.infoHashV2 ?? null,
        check_count: 0,
        check_at: time,
        check_until: 0,
        decision_until: 0,
        revision: 0,
        submitted_at: time,
      })
      .returning('number')
      .executeTakeFirstOrThrow()
    await db
      .insertInto('submission_contact')
      .values({ submission_number: number, email, email_hash: emailHash, secret })
      .execute()
    await mailer.queue(db, email, { kind: 'received', id: number, url: settings.statusUrl(number, secret) })
    return { number, secret }
  })
}

function readInput(input: SubmissionInput): { work: SubmittedWork; draft: SubmissionDraft; email: string } {
  const { work, problem } = readWork(input)
  // A signed listing says everything itself; where there is one and it cannot be read, that is all there is to say.
  const isSigned = input.listing !== undefined && input.listing !== ''
  const fields = isSigned ? undefined : readFields(input)
  const email = readEmailAddress(String(input.email ?? ''))
  const problems: SubmissionProblem[] = [...(problem ? [problem] : []), ...(fields?.problems ?? [])]
  if (email === undefined)
    problems.push({ field: 'email', message: input.email ? 'is no e-mail address' : 'is missing' })
  const draft = work?.listing ? draftOfListing(work.listing) : fields?.draft
  if (problems.length > 0 || !work || !draft || email === undefined) throw new SubmissionError(problems)
  return { work, draft, email }
}

function draftOfListing(listing: NonNullable<SubmittedWork['listing']>): SubmissionDraft {
  const { title, description, section, tags, license, creator, language } = listing
  return { title, description, section, tags, license, creator, language }
}

async function refuseBlocked(
  emailHash: string,
  { listing }: SubmittedWork,
  { database, store }: ReceiveInit,
): Promise<void> {
  const blocked = await database.db
    .selectFrom('blocked_email')
    .select('email_hash')
    .where('email_hash', '=', emailHash)
    .executeTakeFirst()
  if (blocked || (listing && (await store.blockedPublishers()).includes(listing.publisher)))
    throw new P2pShareError('ERR_NOT_AUTHORIZED', 'This site takes no submissions from you')
}

async function refuseBeyondQueue(
  db: Kysely<CatalogSchema>,
  { metainfo }: SubmittedWork,
  { maxOpen, maxOpenBytes }: DeskSettings,
): Promise<void> {
  const { count, bytes } = await db
    .selectFrom('submission')
    .select(eb => [eb.fn.countAll<number>().as('count'), eb.fn.sum<number>('torrent_size_bytes').as('bytes')])
    .where('state', 'in', openStates)
    .executeTakeFirstOrThrow()
  const isTooMuch = Number(bytes ?? 0) + (metainfo?.bytes.length ?? 0) > maxOpenBytes
  if (Number(count) >= maxOpen || isTooMuch)
    throw new P2pShareError(
      'ERR_RATE_LIMITED',
      'Too many submissions wait to be looked at: try again in some days',
    )
}
