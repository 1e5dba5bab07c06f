import { z } from 'zod'
import { P2pShareError } from '../../../../core/index.ts'
import type { Submission } from '../../../submission/submission.ts'
import type { Site } from '../../site.ts'
import { type Operation, operation } from './operation.ts'
import { listingIdSchema } from './schemas.ts'
import {
  acceptBody,
  auditAnswer,
  auditParameters,
  blockBody,
  blockedAnswer,
  editBody,
  queueAnswer,
  queueParameters,
  rejectBody,
  submissionAnswer,
  submissionNumber,
  unblockBody,
} from './submission-schemas.ts'

const ofSubmission = z.object({ id: submissionNumber })
const answered = { status: 200, description: 'As it is now', schema: submissionAnswer } as const

/** Reviewing what was submitted, for moderators. */
export function moderationOperations({ desk }: Site): Operation[] {
  const common = { tag: 'moderation', needsToken: true } as const
  const find = async (id: number) => answerOf(await desk.get(id))
  const readBlocked = async () => {
    const { publishers, emails } = await desk.blocked()
    return {
      publishers: [...publishers],
      emails: emails.map(({ hash, hint, blockedAt }) => ({
        emailHash: hash,
        hint,
        blockedAt: blockedAt.toISOString(),
      })),
    }
  }
  return [
    operation({
      ...common,
      id: 'listSubmissions',
      method: 'get',
      path: '/moderation/submissions',
      summary: 'What was submitted, newest first',
      querySchema: queueParameters,
      success: { status: 200, description: 'Submissions', schema: queueAnswer },
      async handle({ query }) {
        return { submissions: (await desk.list(query)).map(answerOf) }
      },
    }),
    operation({
      ...common,
      id: 'getSubmission',
      method: 'get',
      path: '/moderation/submissions/{id}',
      summary: 'One submission',
      pathSchema: ofSubmission,
      success: answered,
      problems: [404],
      handle: ({ path }) => find(path.id),
    }),
    operation({
      ...common,
      id: 'editSubmission',
      method: 'patch',
      path: '/moderation/submissions/{id}',
      summary: 'Change what a submission says, before it is accepted',
      pathSchema: ofSubmission,
      bodySchema: editBody,
      success: answered,
      problems: [404, 409, 415, 422],
      async handle({ path, body, caller }) {
        return answerOf(await desk.edit(path.id, body, caller))
      },
    }),
    operation({
      ...common,
      id: 'acceptSubmission',
      method: 'post',
      path: '/moderation/submissions/{id}/accept',
      summary: 'Put a submission into the catalog',
      pathSchema: ofSubmission,
      bodySchema: acceptBody,
      success: answered,
      problems: [404, 409, 415, 422],
      async handle({ path, body, caller }) {
        await desk.accept(path.id, body, caller)
        return find(path.id)
      },
    }),
    operation({
      ...common,
      id: 'rejectSubmission',
      method: 'post',
      path: '/moderation/submissions/{id}/reject',
      summary: 'Refuse a submission, with a reason that its submitter is told',
      pathSchema: ofSubmission,
      bodySchema: rejectBody,
      success: answered,
      problems: [404, 409, 415],
      async handle({ path, body, caller }) {
        await desk.reject(path.id, body, caller)
        return find(path.id)
      },
    }),
    operation({
      ...common,
      id: 'recheckSubmission',
      method: 'post',
      path: '/moderation/submissions/{id}/recheck',
      summary: 'Look for the metadata of a submission again',
      pathSchema: ofSubmission,
      success: answered,
      problems: [404, 409],
      async handle({ path, caller }) {
        await desk.recheck(path.id, caller)
        return find(path.id)
      },
    }),
    operation({
      ...common,
      id: 'takeDownListing',
      method: 'delete',
      path: '/moderation/listings/{id}',
      summary: 'Take a listing out of the catalog of the site',
      pathSchema: z.object({ id: listingIdSchema }),
      querySchema: z.object({ note: z.string().max(2_000).optional() }),
      success: { status: 200, description: 'It is out', schema: z.object({ id: listingIdSchema }) },
      problems: [404],
      async handle({ path, query, caller }) {
        await desk.takeDown(path.id, query, caller)
        return path
      },
    }),
    operation({
      ...common,
      id: 'listBlocked',
      method: 'get',
      path: '/moderation/blocked',
      summary: 'Who is blocked',
      success: { status: 200, description: 'Publishers and e-mail addresses', schema: blockedAnswer },
      handle: readBlocked,
    }),
    operation({
      ...common,
      id: 'block',
      method: 'post',
      path: '/moderation/block',
      summary: 'Take nothing more from a publisher, an e-mail address, or whoever sent a submission',
      description: 'Give one of the three. What a publisher has listed is taken out.',
      bodySchema: blockBody,
      success: { status: 200, description: 'Who is blocked now', schema: blockedAnswer },
      problems: [404, 415],
      async handle({ body, caller }) {
        await desk.block(theOneOf(body), caller)
        return readBlocked()
      },
    }),
    operation({
      ...common,
      id: 'unblock',
      method: 'post',
      path: '/moderation/unblock',
      summary: 'Take from a publisher or an e-mail address again',
      description: 'Give one of the three.',
      bodySchema: unblockBody,
      success: { status: 200, description: 'Who is blocked now', schema: blockedAnswer },
      problems: [415],
      async handle({ body, caller }) {
        await desk.unblock(theOneOf(body), caller)
        return readBlocked()
      },
    }),
    operation({
      ...common,
      id: 'readAudit',
      method: 'get',
      path: '/moderation/audit',
      summary: 'Who decided what, newest first',
      querySchema: auditParameters,
      success: { status: 200, description: 'Entries of the log', schema: auditAnswer },
      async handle({ query }) {
        const entries = await desk.audit(query)
        return {
          entries: entries.map(entry => ({
            ...entry,
            at: entry.at.toISOString(),
            detail: { ...entry.detail },
          })),
        }
      },
    }),
  ]
}

function answerOf(submission: Submission): z.input<typeof submissionAnswer> {
  const { tags, files, decidedAt, submittedAt, duplicates } = submission
  return {
    ...submission,
    tags: [...tags],
    files: files && [...files],
    decidedAt: decidedAt?.toISOString(),
    submittedAt: submittedAt.toISOString(),
    duplicates: { listings: [...duplicates.listings], submissions: [...duplicates.submissions] },
  }
}

/** A body that gives exactly one of its fields, as what that names. */
function theOneOf<T extends Record<string, unknown>>(body: T): OneOf<T> {
  const given = Object.entries(body).filter(([, value]) => value !== undefined)
  if (given.length !== 1)
    throw new P2pShareError('ERR_INVALID_ARGUMENT', `Give one of what this takes, not ${given.length}`)
  return Object.fromEntries(given) as OneOf<T>
}

type OneOf<T> = { [Key in keyof T]-?: Record<Key, NonNullable<T[Key]>> }[keyof T]
