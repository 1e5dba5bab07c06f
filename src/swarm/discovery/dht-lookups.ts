import type { Hex } from '../../core/index.ts'
import { type Clock, systemClock } from './clock.ts'
import type { DhtNode } from './dht.ts'

/** What a torrent that is looked up wants to be told. */
export interface DhtLookup {
  /** Called with addresses, `host:port`, new within one walk; also while the walk goes on. */
  readonly onPeers: (addresses: readonly string[]) => void
}

interface Entry extends DhtLookup {
  readonly infoHash: Hex
  readonly ended: AbortController
  waitMs: number
  cancel: (() => void) | undefined
}

const maxWalks = 8
const firstWaitMs = 5_000
const longestWaitMs = 15 * 60_000

/**
 * Looks up and announces all torrents of an engine in the DHT: each when it is added, again after 5 s and ever longer while nobody was
 * found, and every 15 minutes. 8 walks go on at once, new torrents first; whether a torrent may be in the DHT at all (BEP 27)
 * is up to whoever adds it.
 */
export class DhtLookups {
  readonly #dht: Pick<DhtNode, 'findPeers' | 'announcePeer'>
  readonly #port: () => number
  readonly #clock: Clock
  readonly #entries = new Map<Hex, Entry>()
  readonly #fresh = new Set<Entry>()
  readonly #due = new Set<Entry>()
  readonly #walks = new Set<Promise<void>>()
  #isRunning = false

  /** @param port the TCP port that peers may reach us at; nothing is announced while it is 0 */
  constructor(
    dht: Pick<DhtNode, 'findPeers' | 'announcePeer'>,
    port: () => number,
    clock: Clock = systemClock,
  ) {
    this.#dht = dht
    this.#port = port
    this.#clock = clock
  }

  start(): void {
    this.#isRunning = true
    this.#pump()
  }

  /** @param infoHash 40 digits: of a v2 torrent the first 40; what was added under it before is removed */
  add(infoHash: Hex, { onPeers }: DhtLookup): void {
    this.remove(infoHash)
    const ended = new AbortController()
    const entry: Entry = { infoHash, onPeers, ended, waitMs: firstWaitMs, cancel: undefined }
    this.#entries.set(infoHash, entry)
    this.#fresh.add(entry)
    this.#pump()
  }

  /** Ends the walk of a torrent, and looks it up no more. */
  remove(infoHash: Hex): void {
    const entry = this.#entries.get(infoHash)
    if (!entry) return
    this.#entries.delete(infoHash)
    this.#fresh.delete(entry)
    this.#due.delete(entry)
    entry.cancel?.()
    entry.ended.abort()
  }

  /** Ends all walks. The DHT node goes on. */
  async stop(): Promise<void> {
    this.#isRunning = false
    for (const infoHash of [...this.#entries.keys()]) this.remove(infoHash)
    await Promise.all(this.#walks)
  }

  #pump(): void {
    while (this.#isRunning && this.#walks.size < maxWalks) {
      const queue = this.#fresh.size > 0 ? this.#fresh : this.#due
      const [entry] = queue
      if (!entry) return
      queue.delete(entry)
      const walk = this.#walk(entry).finally(() => {
        this.#walks.delete(walk)
        this.#pump()
      })
      this.#walks.add(walk)
    }
  }

  async #walk(entry: Entry): Promise<void> {
    const { infoHash, onPeers, ended } = entry
    const { signal } = ended
    let found = 0
    try {
      await this.#dht.findPeers(
        infoHash,
        address => {
          found++
          if (!signal.aborted) onPeers([address])
        },
        { signal },
      )
      const port = this.#port()
      if (port > 0) await this.#dht.announcePeer(infoHash, port, { signal })
    } catch {
      // Removed meanwhile; or the node failed, which the next walk will try again.
    }
    if (signal.aborted) return
    const waitMs = found > 0 ? longestWaitMs : entry.waitMs
    entry.waitMs = Math.min(entry.waitMs * 2, longestWaitMs)
    entry.cancel = this.#clock.after(waitMs, () => {
      entry.cancel = undefined
      this.#due.add(entry)
      this.#pump()
    })
  }
}
