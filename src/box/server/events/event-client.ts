import type { TransferView } from '../transfer-view.ts'

export interface EventClientInit {
  /** The transfers as they are now; those that are gone are left out. */
  readonly news: (ids: Iterable<number>) => TransferView[]
  readonly onGone: () => void
}

const encoder = new TextEncoder()

/**
 * One client of the events. What it has not been sent yet is kept as numbers of transfers, never as text: however slowly it reads,
 * that takes no more room than there are transfers, and what it then reads is how they are at that time.
 */
export class EventClient {
  readonly stream: ReadableStream<Uint8Array>
  readonly #init: EventClientInit
  readonly #changed = new Set<number>()
  readonly #added = new Set<number>()
  readonly #done = new Set<number>()
  readonly #removed = new Set<number>()
  #controller!: ReadableStreamDefaultController<Uint8Array>
  #snapshot: (() => object) | undefined
  #stats: object | undefined
  #isGreeted = false
  #isFlushDue = false
  #isOver = false

  constructor(init: EventClientInit) {
    this.#init = init
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: controller => {
          this.#controller = controller
          // The client learns at once that it is connected.
          controller.enqueue(encoder.encode('retry: 2000\n\n'))
        },
        pull: () => this.#send(),
        cancel: () => this.#leave(),
      },
      { highWaterMark: 1 },
    )
  }

  /** @param snapshot made when it can be sent */
  greet(snapshot: () => object): void {
    this.#snapshot = snapshot
    this.#send()
  }

  note(id: number, what: 'added' | 'changed' | 'done' | 'removed'): void {
    if (what === 'removed') {
      for (const ids of [this.#changed, this.#added, this.#done]) ids.delete(id)
      this.#removed.add(id)
      return
    }
    this.#changed.add(id)
    if (what === 'added') this.#added.add(id)
    if (what === 'done') this.#done.add(id)
  }

  stats(stats: object): void {
    this.#stats = stats
    this.#send()
  }

  /** What was noted may go out now. */
  flush(): void {
    this.#isFlushDue = true
    this.#send()
  }

  end(): void {
    if (this.#isOver) return
    this.#leave()
    this.#controller.close()
  }

  #leave(): void {
    this.#isOver = true
    this.#init.onGone()
  }

  /** Sends what there is, as far as the client has read what was sent before. */
  #send(): void {
    while (!this.#isOver && (this.#controller.desiredSize ?? 0) > 0) {
      const event = this.#next()
      if (event === undefined) return
      this.#controller.enqueue(encoder.encode(event))
    }
  }

  #next(): string | undefined {
    const snapshot = this.#snapshot
    if (snapshot) {
      this.#snapshot = undefined
      this.#isGreeted = true
      for (const ids of [this.#changed, this.#added, this.#done, this.#removed]) ids.clear()
      return eventText('snapshot', snapshot())
    }
    if (!this.#isGreeted) return undefined
    if (this.#isFlushDue) {
      this.#isFlushDue = false
      if (this.#changed.size + this.#removed.size > 0) return eventText('transfers', this.#takeNews())
    }
    const stats = this.#stats
    if (!stats) return undefined
    this.#stats = undefined
    return eventText('stats', stats)
  }

  #takeNews(): object {
    const take = (ids: Set<number>) => {
      const taken = [...ids]
      ids.clear()
      return taken
    }
    return {
      changed: this.#init.news(take(this.#changed)),
      added: take(this.#added),
      done: take(this.#done),
      removed: take(this.#removed),
    }
  }
}

function eventText(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
