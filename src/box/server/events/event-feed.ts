import type { TransferStats } from '../../../swarm/index.ts'
import type { BoxClock } from '../../clock.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import { type TransferView, viewOf } from '../transfer-view.ts'
import { EventClient } from './event-client.ts'

export interface EventFeedInit {
  readonly shelf: Shelf
  /** What is told every two seconds of the box as a whole. */
  readonly status: () => Promise<object>
  readonly clock: BoxClock
}

export const maxClients = 50
const batchMs = 500
const statsMs = 2_000
const idle = ''

/**
 * Tells clients what happens in the box, as server-sent events: first a `snapshot` of everything, then `transfers` with what has
 * changed, twice a second at most, and `stats` every two seconds. Without clients it does nothing.
 */
export class EventFeed {
  readonly #init: EventFeedInit
  readonly #clients = new Set<EventClient>()
  /** How far those were at the last look with which something went on. */
  #active = new Map<number, string>()
  #cancels: (() => void)[] = []
  #isClosed = false

  constructor(init: EventFeedInit) {
    this.#init = init
    const { shelf } = init
    shelf.on('added', ({ id }) => this.#note(id, 'added'))
    shelf.on('changed', ({ id }) => this.#note(id, 'changed'))
    shelf.on('done', ({ id }) => this.#note(id, 'done'))
    shelf.on('removed', ({ id }) => this.#note(id, 'removed'))
  }

  get clientCount(): number {
    return this.#clients.size
  }

  /** A stream for one more client; `undefined` where there are too many, or the box is stopping. */
  open(): ReadableStream<Uint8Array> | undefined {
    if (this.#isClosed || this.#clients.size >= maxClients) return undefined
    const client: EventClient = new EventClient({
      news: ids => this.#newsOf(ids),
      onGone: () => this.#leave(client),
    })
    this.#clients.add(client)
    if (this.#clients.size === 1) this.#start()
    void this.#greet(client)
    return client.stream
  }

  /** Ends all streams, and takes no more clients. */
  close(): void {
    this.#isClosed = true
    for (const client of [...this.#clients]) client.end()
  }

  async #greet(client: EventClient): Promise<void> {
    const status = await this.#init.status().catch(() => undefined)
    client.greet(() => {
      const nowMs = this.#init.clock.monotonicMs()
      return { transfers: this.#init.shelf.items().map(item => viewOf(item, nowMs)), status }
    })
  }

  #leave(client: EventClient): void {
    if (!this.#clients.delete(client) || this.#clients.size > 0) return
    for (const cancel of this.#cancels) cancel()
    this.#cancels = []
  }

  #start(): void {
    const { clock } = this.#init
    const every = (ms: number, work: () => void) => {
      let cancel = () => {}
      const again = () => {
        cancel = clock.after(ms, () => {
          again()
          work()
        })
      }
      again()
      this.#cancels.push(() => cancel())
    }
    every(batchMs, () => {
      for (const client of this.#clients) client.flush()
    })
    every(statsMs, () => {
      this.#noteActive()
      void this.#tellStats()
    })
  }

  #note(id: number, what: 'added' | 'changed' | 'done' | 'removed'): void {
    for (const client of this.#clients) client.note(id, what)
  }

  /** Rates and what is held change without anybody saying so. */
  #noteActive(): void {
    const before = this.#active
    this.#active = new Map()
    for (const { id, transfer } of this.#init.shelf.items()) {
      const stats = transfer?.stats()
      const isActive =
        stats && (stats.peers > 0 || stats.downloadBytesPerSecond > 0 || stats.uploadBytesPerSecond > 0)
      const seen = isActive ? progressOf(stats) : idle
      if (isActive) this.#active.set(id, seen)
      if (seen !== (before.get(id) ?? idle)) this.#note(id, 'changed')
    }
  }

  async #tellStats(): Promise<void> {
    const status = await this.#init.status().catch(() => undefined)
    if (status) for (const client of this.#clients) client.stats(status)
  }

  #newsOf(ids: Iterable<number>): TransferView[] {
    const { shelf, clock } = this.#init
    const nowMs = clock.monotonicMs()
    return Array.from(ids, id => shelf.lookUp(id))
      .filter(item => item !== undefined)
      .map(item => viewOf(item, nowMs))
  }
}

/** The same where nothing of it would look different. */
function progressOf(stats: TransferStats): string {
  const { peers, seeds, haveBytes, downloadBytesPerSecond, uploadBytesPerSecond } = stats
  return `${peers} ${seeds} ${haveBytes} ${Math.round(downloadBytesPerSecond)} ${Math.round(uploadBytesPerSecond)}`
}
