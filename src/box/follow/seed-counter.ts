import type { CountedTorrent, PeerCount, PeerCounter, PeerLookup } from '../../catalog/index.ts'
import type { AbortOptions } from '../../core/index.ts'

/** A torrent that is followed, and whose seeds are counted. */
interface FollowedTorrent extends CountedTorrent {
  /** Whether trackers at private addresses may be asked. */
  readonly allowsPrivate: boolean
}

/** Counts who shares a torrent: `undefined` where nobody could tell. */
export type SeedCounter = (torrent: FollowedTorrent, options: AbortOptions) => Promise<PeerCount | undefined>

/** Counts by the DHT and by the trackers that a link names, and takes the most of both. The catalog's code is loaded at the first use. */
export function seedCounter(lookup: PeerLookup): SeedCounter {
  let loading: Promise<(allowsPrivate: boolean) => PeerCounter> | undefined
  return async (torrent, options) => {
    loading ??= load(lookup)
    const counterFor = await loading
    return counterFor(torrent.allowsPrivate)(torrent, options)
  }
}

async function load(lookup: PeerLookup): Promise<(allowsPrivate: boolean) => PeerCounter> {
  const { anyCounter, dhtCounter, trackerCounter } = await import('../../catalog/index.ts')
  const counterFor = (allowPrivateAddresses: boolean) =>
    anyCounter([dhtCounter(lookup), trackerCounter({ allowPrivateAddresses })])
  const [ofPublic, ofAll] = [counterFor(false), counterFor(true)]
  return allowsPrivate => (allowsPrivate ? ofAll : ofPublic)
}
