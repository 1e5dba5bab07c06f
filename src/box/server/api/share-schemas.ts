import { z } from 'zod'
import { labelsSchema } from './transfer-schemas.ts'

const location = z
  .enum(['keep', 'strip'])
  .optional()
  .meta({ description: 'Positions in photos and videos; strip shares copies without them' })
const text = z.string().max(1_000)
const globs = z.array(text).max(100).optional()

/** What of the box's machine is shared, and how. */
export const shareBody = z.strictObject({
  paths: z
    .array(z.string().min(1).max(4_096))
    .min(1)
    .max(1_000)
    .meta({ description: 'Absolute paths on the machine of the box' }),
  labels: labelsSchema.optional(),
  location,
  name: z.string().min(1).max(255).optional(),
  pieceLength: z.int().min(16_384).max(67_108_864).optional(),
  announce: z.array(z.string().max(2_000)).max(100).optional(),
  webSeeds: z.array(z.string().max(2_000)).max(100).optional(),
  comment: text.optional(),
  include: globs,
  exclude: globs,
  hidden: z.boolean().optional(),
  format: z.enum(['v1', 'hybrid', 'v2']).optional(),
  isPrivate: z.boolean().optional(),
})

/** How what was uploaded is shared. */
export const uploadDoneBody = z.strictObject({ labels: labelsSchema.optional(), location })

export const uploadedAnswer = z.object({ name: z.string(), sizeBytes: z.int() })
