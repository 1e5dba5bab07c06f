import { z } from 'zod'
import { maxScraped } from './query.ts'
import { TrackerRefusal } from './refusal.ts'

/** Longest message that is read: as many offers as {@link maxOffers} of usual length. */
export const maxMessageBytes = 262_144
const maxOffers = 20

/** Twenty bytes, a character each. */
const bytes = z.string().regex(/^[\0-\xff]{20}$/)
const description = z.object({ type: z.enum(['offer', 'answer']), sdp: z.string().max(16_384) })
const offerId = z.string().max(64)

const announce = z.object({
  action: z.literal('announce'),
  info_hash: bytes,
  peer_id: bytes,
  left: z.number().min(0).optional().catch(undefined),
  event: z.enum(['started', 'completed', 'stopped', 'paused']).optional(),
  offers: z
    .array(z.object({ offer: description, offer_id: offerId }))
    .max(maxOffers)
    .optional(),
  answer: description.optional(),
  offer_id: offerId.optional(),
  to_peer_id: bytes.optional(),
})

const scrape = z.object({
  action: z.literal('scrape'),
  info_hash: z.union([bytes, z.array(bytes).min(1).max(maxScraped)]),
})

const message = z.discriminatedUnion('action', [announce, scrape])

export type SocketMessage = z.infer<typeof message>

/**
 * Reads a message of WebTorrent's tracker protocol; what comes back holds nothing but what was understood.
 *
 * @throws {TrackerRefusal}
 */
export function readSocketMessage(text: string): SocketMessage {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TrackerRefusal('the message is no JSON')
  }
  const { data, error } = message.safeParse(value)
  if (!data) throw new TrackerRefusal(`invalid ${error.issues[0]?.path.join('.') || 'message'}`)
  if (data.action === 'announce' && data.answer && (!data.to_peer_id || data.offers))
    throw new TrackerRefusal('invalid to_peer_id')
  return data
}
