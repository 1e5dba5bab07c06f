import { z } from 'zod'
import { type Magnet, readMagnet } from '../../core/index.ts'

/** Where a listing belongs. */
export const sections = ['video', 'photos', 'music', 'software', 'other'] as const
export type Section = (typeof sections)[number]

export const maxTitleLength = 200
export const maxDescriptionLength = 5_000
export const maxTags = 20
export const maxPosterBytes = 32_768
const maxMagnetLength = 8_192

const control = /[\u0000-\u001f\u007f-\u009f]/
const controlButLines = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `takes ${digits} hexadecimal digits`)
const line = (maxLength: number) =>
  z
    .string()
    .min(1, 'is empty')
    .max(maxLength, `is longer than ${maxLength} characters`)
    .refine(text => !control.test(text) && text.trim() === text, 'takes one line without control characters')
const count = (most: number) => z.int().min(0).max(most)

const time = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/,
    'takes a time in UTC, such as 2026-05-01T12:00:00Z',
  )
  .refine(text => !Number.isNaN(Date.parse(text)), 'is no time that the calendar knows')
const dateOrTime = z.union([z.iso.date(), time])

/** One word or a few, in lower case: `zoo`, `black and white`. */
const tag = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+#-]{0,39}$/u,
    'takes letters, digits, spaces and . _ + # - only, 40 at most',
  )
  .refine(text => text === text.toLowerCase() && text === text.normalize('NFC') && !text.endsWith(' '), {
    error: 'is written in lower case',
  })

const magnet = z
  .string()
  .max(maxMagnetLength)
  .refine(text => magnetOf(text) !== undefined, 'is no magnet link with an info-hash')

const media = z.looseObject({
  durationMs: count(Number.MAX_SAFE_INTEGER).optional(),
  /** Pixels, of the film or of the largest photo. */
  width: count(1_000_000).optional(),
  height: count(1_000_000).optional(),
  photoCount: count(100_000).optional(),
  videoCount: count(100_000).optional(),
  audioCount: count(100_000).optional(),
})

/** A WebP picture that travels beside the listing, named by its SHA-256. */
const poster = z.looseObject({
  sha256: hex(64),
  sizeBytes: z.int().min(1).max(maxPosterBytes),
  width: z.int().min(1).max(4_096),
  height: z.int().min(1).max(4_096),
})

const signed = {
  version: z.literal(1),
  publisher: hex(64),
  nonce: hex(32),
  revision: z.int().min(1),
  signature: hex(128),
}

/** A listing as it is signed, stored and passed on; fields that are not named here survive. */
export const listingSchema = z.looseObject({
  type: z.literal('p2pshare/listing'),
  ...signed,
  title: line(maxTitleLength),
  description: z
    .string()
    .max(maxDescriptionLength, `is longer than ${maxDescriptionLength} characters`)
    .refine(text => !controlButLines.test(text), 'takes no control characters but line feeds'),
  section: z.enum(sections),
  tags: z
    .array(tag)
    .max(maxTags)
    .refine(tags => new Set(tags).size === tags.length, 'names one twice'),
  /** An SPDX identifier or expression, or `all rights reserved`. */
  license: z
    .string()
    .regex(/^[A-Za-z0-9(][A-Za-z0-9.+() -]{0,99}$/, 'takes an SPDX identifier, or: all rights reserved'),
  creator: line(200).optional(),
  /** BCP 47. */
  language: z
    .string()
    .regex(/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,7}$/, 'takes a language tag such as en or pt-BR')
    .optional(),
  /** When the work was made. */
  createdAt: dateOrTime.optional(),
  publishedAt: time,
  magnet,
  sizeBytes: count(Number.MAX_SAFE_INTEGER),
  fileCount: z.int().min(1).max(100_000),
  media: media.optional(),
  poster: poster.optional(),
})

/** Takes a listing back for good; its revision is above that of the listing. */
export const withdrawalSchema = z.looseObject({
  type: z.literal('p2pshare/withdrawal'),
  ...signed,
  withdrawnAt: time,
  reason: line(500).optional(),
})

export type ListingFields = Readonly<z.infer<typeof listingSchema>>
export type WithdrawalFields = Readonly<z.infer<typeof withdrawalSchema>>

/** What a maker fills in; who signs, when, and the revision come from the signing. */
export type ListingDraft = {
  // `Omit` would lose the names, because unknown fields are allowed too.
  readonly [Name in keyof ListingFields as Name extends SigningField ? never : Name]: ListingFields[Name]
} & { readonly publishedAt?: string | undefined }

type SigningField = 'type' | 'version' | 'publisher' | 'nonce' | 'revision' | 'signature' | 'publishedAt'

function magnetOf(link: string): Magnet | undefined {
  try {
    return link.startsWith('magnet:') ? readMagnet(link) : undefined
  } catch {
    return undefined
  }
}
