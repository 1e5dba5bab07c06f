import { z } from 'zod'
import { leftAnswer } from './transfer-schemas.ts'

const bytes = z.number().nonnegative()
const why = z.string().meta({ description: 'For a person' })

const wantedAnswer = z.object({
  title: z.string(),
  infoHash: z.string().optional().meta({ description: 'Left out while it is not known' }),
  sizeBytes: bytes.optional().meta({ description: 'Left out where it is not told' }),
  seeds: z.int().optional().meta({ description: 'Left out where nobody has counted' }),
  listedAt: z.string(),
  origin: z.string(),
  why,
})

const heldAnswer = z.object({
  id: z.int().meta({ description: 'Number of the transfer' }),
  name: z.string(),
  infoHash: z.string(),
  sizeBytes: bytes,
  origin: z.string(),
})

export const planParameters = z.object({
  prune: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Whether to plan as if what could be dropped were gone' }),
})

export const planAnswer = z
  .object({
    fetch: z.array(wantedAnswer).meta({ description: 'In the order in which it is fetched' }),
    keep: z.array(heldAnswer),
    drop: z.array(heldAnswer.extend({ why })).meta({ description: 'What could go; nothing goes by itself' }),
    leftOut: z.array(wantedAnswer),
    fetchCount: z.int(),
    leftOutCount: z.int().meta({ description: 'Of these, and of what is to be fetched, 1,000 are listed' }),
    usedBytes: bytes,
    quotaBytes: bytes.optional().meta({ description: 'Left out where there is none' }),
    freeBytes: z
      .number()
      .meta({ description: 'Of the disk, beside what other transfers have still to fetch' }),
    keepFreeBytes: bytes,
  })
  .meta({ id: 'Plan' })

export const pruneBody = z.strictObject({
  ids: z
    .array(z.int().min(1))
    .min(1)
    .max(100_000)
    .meta({ description: 'Numbers of transfers that the plan said could be dropped; others stay' }),
})

export const pruneAnswer = z.object({
  dropped: z.array(heldAnswer.extend(leftAnswer.shape)),
})

export const followingAnswer = z.object({
  sources: z.array(
    z.object({
      kind: z.enum(['catalog', 'feed']),
      source: z.string().meta({ description: 'As the settings have it' }),
      name: z.string(),
      origin: z.string().optional().meta({ description: 'What its transfers have as their origin' }),
      syncedAt: z.string().optional(),
      problem: z.string().optional().meta({ description: 'What it ran into the last time' }),
      wanted: z.int().meta({ description: 'How many things of it are asked for' }),
      here: z.int().meta({ description: 'How many transfers the box has because of it' }),
      wantedBytes: bytes,
      hereBytes: bytes,
    }),
  ),
})
