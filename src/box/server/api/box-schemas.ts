import { z } from 'zod'
import { stateSchema } from './transfer-schemas.ts'

const bytes = z.number().nonnegative()
const limit = bytes.nullable().meta({ description: 'Bytes a second; null is without limit' })

export const limitsSchema = z.object({ uploadLimit: limit, downloadLimit: limit })

export const statusAnswer = z
  .object({
    version: z.string(),
    url: z.string(),
    uptimeSeconds: z.number(),
    transfers: z.int(),
    states: z.partialRecord(stateSchema, z.int()).meta({ description: 'How many are in each state' }),
    downloadBytesPerSecond: bytes,
    uploadBytesPerSecond: bytes,
    peers: z.int(),
    port: z.int().meta({ description: 'Where peers connect to' }),
    dhtNodes: z.int().optional().meta({ description: 'Left out where the DHT is off' }),
    downloads: z.string().meta({ description: 'Where fetched transfers are put' }),
    freeBytes: bytes.optional().meta({ description: 'Of the disk of that folder' }),
    ...limitsSchema.shape,
    isSlow: z.boolean().meta({ description: 'Whether the limits of slow hours hold' }),
    hoursChangeAt: z
      .string()
      .optional()
      .meta({ description: 'When other limits hold; left out where never' }),
    notices: z
      .array(
        z.object({
          about: z.enum(['settings', 'restart', 'transfers', 'folders']),
          message: z.string(),
          transfers: z.int().meta({ description: 'How many it is about' }),
        }),
      )
      .readonly()
      .meta({ description: 'What somebody should look after: a full disk, a folder that is gone' }),
  })
  .meta({ id: 'Status' })

export const searchParameters = z.object({
  q: z.string().max(1_000).optional().meta({ description: 'Words, as p2pshare search takes them' }),
  sort: z.enum(['relevance', 'newest', 'oldest', 'largest', 'smallest', 'popular']).optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
  offset: z.coerce.number().int().min(0).max(10_000).optional(),
})

export const searchAnswer = z.object({
  total: z.int(),
  isTotalExact: z.boolean(),
  listings: z.array(
    z.object({
      id: z.string(),
      number: z.int(),
      title: z.string(),
      description: z.string(),
      section: z.string(),
      tags: z.array(z.string()),
      license: z.string(),
      creator: z.string().optional(),
      publishedAt: z.string(),
      infoHash: z.string().optional(),
      infoHashV2: z.string().optional(),
      magnet: z.string(),
      sizeBytes: bytes,
      fileCount: z.int(),
      seeds: z.int().optional(),
      leeches: z.int().optional(),
    }),
  ),
})
