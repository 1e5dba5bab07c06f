import { z } from 'zod'
import { sections } from '../../../listing/fields.ts'
import { looksLikeListingId } from '../../../listing/listing-id.ts'

/** The shapes of what the API takes and gives: its document is made of them. */

export const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`))
export const time = z.string().meta({ format: 'date-time' })
export const count = z.int().min(0)
export const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'takes a number')
    .transform(Number)
    .pipe(z.int().min(least).max(most))
const moment = z
  .string()
  .refine(text => !Number.isNaN(Date.parse(text)), 'takes a date or a time')
  .transform(text => new Date(text))

export const listingIdSchema = z
  .string()
  .regex(/^[a-z2-7]{26}$/)
  .refine(looksLikeListingId)
export const publisherSchema = hex(64)
export const sectionSchema = z.enum(sections)

export const listingAnswer = z
  .object({
    id: listingIdSchema,
    number: count.meta({ description: 'Short, in this database only' }),
    title: z.string(),
    description: z.string(),
    section: sectionSchema,
    tags: z.array(z.string()),
    license: z.string(),
    creator: z.string().optional(),
    language: z.string().optional(),
    createdAt: z.string().optional(),
    publishedAt: time,
    seenAt: time.meta({ description: 'When it arrived here' }),
    publisher: publisherSchema,
    revision: count,
    infoHash: hex(40).optional(),
    infoHashV2: hex(64).optional(),
    magnet: z.string().meta({ description: 'With the trackers of this site' }),
    sizeBytes: count,
    fileCount: count,
    media: z.record(z.string(), z.unknown()).optional(),
    poster: z
      .object({ url: z.string(), sha256: hex(64), sizeBytes: count, width: count, height: count })
      .optional(),
    seeds: count.optional(),
    leeches: count.optional(),
    healthAt: time.optional(),
    pageUrl: z.string(),
  })
  .meta({ id: 'Listing' })

export const signedListingAnswer = listingAnswer
  .extend({ record: z.string().meta({ description: 'The canonical JSON that its publisher signed' }) })
  .meta({ id: 'SignedListing' })

export const searchParameters = z.object({
  q: z.string().max(1_000).optional().meta({
    description: 'Words, "phrases", prefix*, OR, -not, section: tag: license: creator: size: date:',
  }),
  section: sectionSchema.optional(),
  tag: z.string().max(100).optional(),
  license: z.string().max(100).optional(),
  creator: z.string().max(200).optional(),
  publisher: publisherSchema.optional(),
  infoHash: z
    .string()
    .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)
    .optional(),
  minSizeBytes: number(0, Number.MAX_SAFE_INTEGER).optional(),
  maxSizeBytes: number(0, Number.MAX_SAFE_INTEGER).optional(),
  after: moment.optional(),
  before: moment.optional(),
})

export const pagedSearchParameters = searchParameters.extend({
  sort: z.enum(['relevance', 'newest', 'oldest', 'largest', 'smallest', 'popular']).optional(),
  limit: number(1, 100).optional(),
  offset: number(0, 10_000).optional(),
})

export const searchAnswer = z
  .object({
    listings: z.array(listingAnswer),
    total: count,
    isTotalExact: z.boolean().meta({ description: 'Where false, there are more than total' }),
  })
  .meta({ id: 'SearchPage' })

export const filesParameters = z.object({
  limit: number(1, 10_000).optional(),
  offset: number(0, 100_000).optional(),
})

export const filesAnswer = z
  .object({ total: count, files: z.array(z.object({ path: z.string(), sizeBytes: count })) })
  .meta({ id: 'Files' })

const facet = z.array(z.object({ value: z.string(), count }))
export const facetsAnswer = z
  .object({ sections: facet, tags: facet, licenses: facet, creators: facet, isExact: z.boolean() })
  .meta({ id: 'Facets' })

export const sectionsAnswer = z
  .object({ total: count, sections: z.array(z.object({ section: sectionSchema, listings: count })) })
  .meta({ id: 'Sections' })

export const tagsAnswer = z.object({ tags: facet, isExact: z.boolean() }).meta({ id: 'Tags' })

/** What is under a tag or by a publisher. */
export const summaryAnswer = z
  .object({
    listings: count,
    isExact: z.boolean(),
    sections: facet,
    tags: facet,
    newest: z.array(listingAnswer),
  })
  .meta({ id: 'Summary' })

export const catalogAnswer = z
  .object({
    name: z.string(),
    description: z.string(),
    link: z.string().meta({ description: 'What others follow it by' }),
    publicKey: publisherSchema,
    salt: z.string(),
    seq: count,
    infoHash: hex(40).optional(),
    listings: count,
    trackers: z.array(z.string()),
  })
  .meta({ id: 'Catalog' })
