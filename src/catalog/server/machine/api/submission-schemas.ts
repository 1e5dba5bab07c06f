import { z } from 'zod'
import { maxRecordBytes } from '../../../listing/record.ts'
import { count, hex, listingIdSchema, number, publisherSchema, sectionSchema, time } from './schemas.ts'

/** The shapes of what is handed in and reviewed. */

const states = ['received', 'checking', 'ready', 'unreachable', 'accepted', 'rejected'] as const
const tags = z.array(z.string().max(100)).max(100)

/** What a person says of the work; white space, the case of tags and the spelling of the licence are put right. */
const fields = {
  title: z.string().max(1_000).optional(),
  description: z.string().max(20_000).optional(),
  section: z.string().max(100).optional(),
  tags: tags.optional(),
  license: z.string().max(200).optional(),
  creator: z.string().max(1_000).optional(),
  language: z.string().max(100).optional(),
}

export const submissionBody = z.object({
  torrent: z.base64().max(13_400_000).optional().meta({ description: 'A .torrent file' }),
  magnet: z.string().max(65_536).optional(),
  listing: z
    .string()
    .max(maxRecordBytes)
    .optional()
    .meta({ description: 'A listing that its publisher signed; beside it only email is read' }),
  ...fields,
  email: z.string().max(500).meta({ description: 'Where the decision is told' }),
})

export const submissionNumber = number(1, Number.MAX_SAFE_INTEGER)

export const submittedAnswer = z
  .object({
    id: count,
    state: z.enum(states),
    secret: z.string().meta({ description: 'What the state of it is asked with' }),
    statusUrl: z.string().meta({ description: 'A page for people; who has the address can see it' }),
    duplicateListings: z
      .array(listingIdSchema)
      .meta({ description: 'Listings that are of the same torrent already' }),
  })
  .meta({ id: 'Submitted' })

export const statusAnswer = z
  .object({
    id: count,
    state: z.enum(states),
    title: z.string(),
    submittedAt: time,
    decidedAt: time.optional(),
    reason: z.string().optional().meta({ description: 'Why it was rejected' }),
    listingId: listingIdSchema.optional(),
    problem: z.string().optional().meta({ description: 'Why its metadata could not be fetched' }),
    duplicateListings: z.array(listingIdSchema),
  })
  .meta({ id: 'SubmissionStatus' })

export const submissionAnswer = z
  .object({
    id: count,
    state: z.enum(states),
    title: z.string(),
    description: z.string(),
    section: sectionSchema,
    tags: z.array(z.string()),
    license: z.string(),
    creator: z.string().optional(),
    language: z.string().optional(),
    publisher: publisherSchema.optional().meta({ description: 'Who signed it already' }),
    magnet: z.string(),
    infoHash: hex(40).optional(),
    infoHashV2: hex(64).optional(),
    hasTorrent: z.boolean(),
    files: z.array(z.object({ path: z.string(), sizeBytes: count })).optional(),
    fileCount: count.optional(),
    sizeBytes: count.optional(),
    checkCount: count,
    problem: z.string().optional(),
    reason: z.string().optional(),
    note: z.string().optional(),
    decidedBy: z.string().optional(),
    decidedAt: time.optional(),
    listingId: listingIdSchema.optional(),
    email: z.string().optional(),
    submittedAt: time,
    duplicates: z.object({ listings: z.array(listingIdSchema), submissions: z.array(count) }),
  })
  .meta({ id: 'Submission' })

export const queueParameters = z.object({
  state: z.enum(states).optional(),
  limit: number(1, 100).optional(),
  before: submissionNumber.optional().meta({ description: 'Only those handed in before this one' }),
})

export const queueAnswer = z.object({ submissions: z.array(submissionAnswer) }).meta({ id: 'Queue' })

export const editBody = z.object(fields)

export const rejectBody = z.object({
  reason: z.string().min(1).max(2_000).meta({ description: 'Told to the submitter' }),
  note: z.string().max(2_000).optional().meta({ description: 'For moderators only' }),
})

/** What it says may be changed at the same time. */
export const acceptBody = z.object({
  ...fields,
  note: z.string().max(2_000).optional().meta({ description: 'For moderators only' }),
})

const email = z.string().max(500)
export const blockBody = z.object({
  publisher: publisherSchema.optional(),
  email: email.optional(),
  submission: count.optional().meta({ description: 'Whoever sent it' }),
})
export const unblockBody = z.object({
  publisher: publisherSchema.optional(),
  email: email.optional(),
  emailHash: hex(64).optional().meta({ description: 'As the list of who is blocked has it' }),
})

export const blockedAnswer = z
  .object({
    publishers: z.array(publisherSchema),
    emails: z.array(z.object({ emailHash: hex(64), hint: z.string(), blockedAt: time })),
  })
  .meta({ id: 'BlockedList' })

export const auditParameters = z.object({
  limit: number(1, 200).optional(),
  before: number(1, Number.MAX_SAFE_INTEGER).optional(),
})

export const auditAnswer = z
  .object({
    entries: z.array(
      z.object({
        number: count,
        at: time,
        moderator: z.string(),
        action: z.string(),
        subject: z.string(),
        detail: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'AuditLog' })
