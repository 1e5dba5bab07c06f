import type { Catalog } from '../catalog.ts'
import { HealthKeeper } from '../health/health-keeper.ts'
import { listingHealth } from '../health/listing-health.ts'
import { anyCounter, dhtCounter, ownTrackerCounter, type PeerLookup } from '../health/peer-counter.ts'
import { trackerCounter } from '../health/tracker-counter.ts'
import type { SiteTracker } from './tracker.ts'

export interface SiteHealthInit {
  readonly catalog: Pick<Catalog, 'database' | 'store'>
  /** Of the site, which is asked without a request. */
  readonly tracker?: SiteTracker | undefined
  /** Its announce URLs, which are not asked by a request. */
  readonly ownTrackerUrls?: readonly string[] | undefined
  /** Without it the DHT is not asked. */
  readonly lookup?: PeerLookup | undefined
  /** Whether trackers at private and loopback addresses are asked. @default false */
  readonly allowPrivateAddresses?: boolean | undefined
  readonly now?: (() => Date) | undefined
  readonly onProblem?: ((error: unknown) => void) | undefined
}

/** Keeps the health of a site's listings: by its own tracker, the trackers of their magnet links, and the DHT. */
export function siteHealth(init: SiteHealthInit): HealthKeeper {
  const { catalog, tracker, lookup, allowPrivateAddresses, now, onProblem } = init
  const own = new Set(init.ownTrackerUrls)
  const others = trackerCounter({ allowPrivateAddresses: allowPrivateAddresses ?? false })
  return new HealthKeeper({
    record: listingHealth(catalog.database, catalog.store, now),
    counter: anyCounter([
      ...(tracker ? [ownTrackerCounter(tracker)] : []),
      (torrent, options) =>
        others({ ...torrent, trackers: torrent.trackers.filter(url => !own.has(url)) }, options),
      ...(lookup ? [dhtCounter(lookup)] : []),
    ]),
    ...(now && { now }),
    ...(onProblem && { onProblem }),
  })
}
