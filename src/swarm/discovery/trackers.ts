import { isPublicAddress } from '../../core/index.ts'
import type { TrackerStats } from '../engine.ts'
import { AnnounceTurns } from './announce-turns.ts'
import { type Clock, systemClock } from './clock.ts'
import { failed } from './tracker-answer.ts'
import { type Announce, TrackerConversation } from './tracker-conversation.ts'
import { announceHttp } from './tracker-http.ts'
import { announceUdp } from './tracker-udp.ts'

export interface TrackerAnnouncerInit {
  /** What the torrent is announced by, 20 bytes each: v1, v2 cut to the same length, or both. */
  readonly infoHashes: readonly Uint8Array[]
  /** 20 bytes. */
  readonly peerId: Uint8Array
  /** TCP port that peers may reach us at. */
  readonly port: number
  /** URLs; all of them are announced to. */
  readonly trackers: readonly string[]
  /** Tells trackers that we are the same as before, 32 bits. */
  readonly key: number
  /** Bytes that are missing; `undefined` while that is not known. */
  readonly left: () => number | undefined
  readonly uploaded: () => number
  readonly downloaded: () => number
  /** Called with addresses, `host:port`, that were checked but may be known already. */
  readonly onPeers: (addresses: readonly string[]) => void
  /** How many peers are of use. */
  readonly wanted: () => number
  /**
   * Whether names may lead to private addresses. A tracker whose URL itself has one is contacted in any case: whoever calls has
   * judged that. @default for none
   */
  readonly allowsPrivate?: ((url: string) => boolean) | undefined
  /** @default the machine's */
  readonly clock?: Clock | undefined
}

const maxTrackers = 100
const maxWanted = 200
/** What is said to be missing while nothing is known: with 0 a tracker would take us for a seed. */
const unknownLeft = 16_384
const turns = new AnnounceTurns()
const protocols: Readonly<Record<string, Announce>> = {
  'http:': announceHttp,
  'https:': announceHttp,
  'udp:': announceUdp,
}

/**
 * Announces one torrent to its trackers, over HTTP and UDP, for as long as it runs, and hands on the peers they name. Of a tracker at a public
 * address only peers at public addresses are taken.
 */
export class TrackerAnnouncer {
  readonly #init: TrackerAnnouncerInit
  readonly #conversations: readonly TrackerConversation[]
  readonly #unusable: readonly TrackerStats[]
  #stopping: Promise<void> | undefined

  constructor(init: TrackerAnnouncerInit) {
    this.#init = init
    const urls = [...new Set(init.trackers)].slice(0, maxTrackers)
    const usable = urls.filter(url => protocolOf(url) !== undefined)
    this.#unusable = urls.filter(url => protocolOf(url) === undefined).map(unusableStats)
    this.#conversations = usable.flatMap(url =>
      init.infoHashes.map(infoHash => this.#conversation(url, infoHash)),
    )
  }

  /** How many hashes it announces. */
  get hashCount(): number {
    return this.#init.infoHashes.length
  }

  start(): void {
    if (this.#stopping) return
    for (const conversation of this.#conversations) conversation.start()
  }

  /** Says that everything is here now, to those who know of us as incomplete. */
  complete(): void {
    for (const conversation of this.#conversations) conversation.complete()
  }

  /** Asks every tracker now rather than at its time. */
  announceNow(): void {
    for (const conversation of this.#conversations) conversation.announceNow()
  }

  /** One entry a tracker. */
  stats(): readonly TrackerStats[] {
    const byUrl = new Map<string, TrackerStats>()
    for (const { stats } of this.#conversations) {
      const other = byUrl.get(stats.url)
      byUrl.set(stats.url, other ? together(other, stats) : stats)
    }
    return [...byUrl.values(), ...this.#unusable]
  }

  /** Says `stopped` to every tracker that knows of us, within 3 s. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= Promise.all(this.#conversations.map(conversation => conversation.stop())).then(
      () => {},
    )
    return this.#stopping
  }

  #conversation(url: string, infoHash: Uint8Array): TrackerConversation {
    const { peerId, port, key, uploaded, downloaded, left, wanted, onPeers } = this.#init
    return new TrackerConversation({
      url,
      announce: protocolOf(url) ?? (() => Promise.reject(failed('it cannot be asked'))),
      allowPrivate: this.#init.allowsPrivate?.(url) || !isPublicAddress(new URL(url).hostname),
      turns,
      clock: this.#init.clock ?? systemClock,
      onPeers,
      request: (event, trackerId) => ({
        infoHash,
        peerId,
        port,
        key,
        uploaded: uploaded(),
        downloaded: downloaded(),
        left: left() ?? unknownLeft,
        wanted: event === 'stopped' ? 0 : Math.min(Math.max(0, wanted()), maxWanted),
        event,
        trackerId,
      }),
    })
  }
}

function protocolOf(url: string): Announce | undefined {
  const protocol = URL.parse(url)?.protocol
  return protocol !== undefined && Object.hasOwn(protocols, protocol) ? protocols[protocol] : undefined
}

function unusableStats(url: string): TrackerStats {
  const message = /^wss?:/i.test(url)
    ? 'peers of WebSocket trackers are met over WebRTC: use --engine webtorrent'
    : 'not the URL of a tracker'
  return { url, status: 'failed', message, seeds: undefined, leeches: undefined }
}

/** What one tracker said of a torrent under two hashes, whose peers are in part the same. */
function together(one: TrackerStats, other: TrackerStats): TrackerStats {
  const better = other.status === 'working' && one.status !== 'working' ? other : one
  return { ...better, seeds: most(one.seeds, other.seeds), leeches: most(one.leeches, other.leeches) }
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)
}
