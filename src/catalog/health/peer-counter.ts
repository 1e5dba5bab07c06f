import type { AbortOptions, Hex } from '../../core/index.ts'

/** A torrent whose peers are counted. */
export interface CountedTorrent {
  /** As peers announce it, 40 digits: v1, else the beginning of v2 (BEP 52). */
  readonly infoHash: Hex
  /** Of its magnet link. */
  readonly trackers: readonly string[]
}

export interface PeerCount {
  readonly seeds: number
  readonly leeches: number
}

/**
 * One way to count the peers of a torrent: `undefined` where nobody could tell, an error never but for an abort.
 */
export type PeerCounter = (
  torrent: CountedTorrent,
  options: AbortOptions,
) => PeerCount | undefined | Promise<PeerCount | undefined>

/** Looks a torrent up in the DHT and gives how many peers announce it there, however many of them are seeds. */
export type PeerLookup = (infoHash: Hex, options: AbortOptions) => Promise<number>

/** Peers that announce to a tracker of our own. */
export function ownTrackerCounter(tracker: { counts(infoHash: Hex): PeerCount | undefined }): PeerCounter {
  return ({ infoHash }) => tracker.counts(infoHash)
}

/**
 * Peers that the DHT knows. It does not tell seeds from leeches (BEP 5); as whoever has fetched here shares on, they are
 * taken for seeds.
 */
export function dhtCounter(lookup: PeerLookup): PeerCounter {
  return async ({ infoHash }, options) => {
    const peers = await lookup(infoHash, options).catch(error => {
      if (options.signal?.aborted) throw error
      return 0
    })
    return peers > 0 ? { seeds: peers, leeches: 0 } : undefined
  }
}

/**
 * The most of what each way counts: the same peer is known in several places, so that a sum would count it again.
 */
export function anyCounter(counters: readonly PeerCounter[]): PeerCounter {
  return async (torrent, options) => {
    const counts = await Promise.all(counters.map(counter => counter(torrent, options)))
    const known = counts.filter(count => count !== undefined)
    if (known.length === 0) return undefined
    return {
      seeds: Math.max(...known.map(({ seeds }) => seeds)),
      leeches: Math.max(...known.map(({ leeches }) => leeches)),
    }
  }
}
