import type { ListingId } from '../listing/listing-id.ts'
import type { AttemptLimit } from '../moderation/attempts.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What a site may set of its desk. */
export interface DeskSettings {
  /** What one client address and one e-mail address may submit. */
  readonly perAddress: AttemptLimit
  readonly perEmail: AttemptLimit
  /** Submissions that may wait for a decision, and the bytes of their .torrent files. */
  readonly maxOpen: number
  readonly maxOpenBytes: number
  /** How long one search for metadata may take, and how many run at once in this process. */
  readonly checkTimeoutMs: number
  readonly checksAtOnce: number
  /** Pauses between the attempts; after the last one the submission is unreachable. */
  readonly checkPausesMs: readonly number[]
  /** Peers that are asked for metadata first, `host:port`. */
  readonly peers: readonly string[]
  /** Pause between two looks at what other servers may have left to do. */
  readonly pollEveryMs: number
  /** How long after the decision an e-mail address is kept, and the submission itself. */
  readonly keepEmailMs: number
  readonly keepDecidedMs: number
  /** The pages that mails lead to. */
  readonly statusUrl: (id: number, secret: string) => string
  readonly listingUrl: (id: ListingId) => string
}

export const defaultDeskSettings: Omit<DeskSettings, 'statusUrl' | 'listingUrl'> = {
  perAddress: { count: 10, withinMs: hourMs },
  perEmail: { count: 10, withinMs: hourMs },
  maxOpen: 1_000,
  maxOpenBytes: 1_000_000_000,
  checkTimeoutMs: minuteMs,
  checksAtOnce: 4,
  checkPausesMs: [5 * minuteMs, 30 * minuteMs, 2 * hourMs, 6 * hourMs, 15 * hourMs],
  peers: [],
  pollEveryMs: 5_000,
  keepEmailMs: 14 * dayMs,
  keepDecidedMs: 180 * dayMs,
}
