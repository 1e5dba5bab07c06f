import type { PeerCount, PeerCounter } from './peer-counter.ts'
import { type ScrapeOptions, scrapeHttp } from './scrape-http.ts'
import { scrapeUdp } from './scrape-udp.ts'

export interface TrackerCounterInit {
  /** Whether trackers at private and loopback addresses are asked. @default false */
  readonly allowPrivateAddresses?: boolean
  /** For each tracker. @default 10_000 */
  readonly timeoutMs?: number
  /** Monotonic milliseconds. @default performance.now */
  readonly now?: () => number
}

/** Trackers of one torrent that are asked. */
const maxAsked = 4
/** Trackers whose failures are remembered. */
const maxRemembered = 2_000
const firstPauseMs = 60_000
const longestPauseMs = 86_400_000

interface Failure {
  readonly count: number
  readonly until: number
}

/**
 * Scrapes the trackers that a torrent names, over HTTP and UDP. One that has no answer is left alone, twice as long each
 * time, up to a day. WebSocket trackers are not asked: a scrape of theirs needs a connection of its own.
 */
export function trackerCounter(init: TrackerCounterInit = {}): PeerCounter {
  const { allowPrivateAddresses = false, timeoutMs = 10_000, now = () => performance.now() } = init
  const failures = new Map<string, Failure>()

  const scrape = async (url: string, infoHash: string, options: ScrapeOptions) => {
    const { origin } = new URL(url.replace(/^udp:/, 'http:'))
    const failure = failures.get(origin)
    if (failure && failure.until > now()) return undefined
    try {
      const found = await (url.startsWith('udp:') ? scrapeUdp : scrapeHttp)(url, infoHash, options)
      failures.delete(origin)
      return found
    } catch (error) {
      if (options.signal?.aborted) throw error
      const count = (failure?.count ?? 0) + 1
      const pauseMs = Math.min(firstPauseMs * 2 ** (count - 1), longestPauseMs)
      failures.delete(origin)
      failures.set(origin, { count, until: now() + pauseMs })
      if (failures.size > maxRemembered) failures.delete(failures.keys().next().value!)
      return undefined
    }
  }

  return async ({ infoHash, trackers }, { signal }) => {
    const options = { allowPrivateAddresses, timeoutMs, signal }
    const asked = trackers.filter(url => /^(?:https?|udp):/.test(url)).slice(0, maxAsked)
    const counts = await Promise.all(asked.map(url => scrape(url, infoHash, options)))
    return counts.reduce<PeerCount | undefined>(
      (most, count) =>
        most && count
          ? { seeds: Math.max(most.seeds, count.seeds), leeches: Math.max(most.leeches, count.leeches) }
          : (most ?? count),
      undefined,
    )
  }
}
