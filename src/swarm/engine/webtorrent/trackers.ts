import type { TrackerClient } from 'webtorrent'
import type { TrackerStats } from '../../engine.ts'

interface Update {
  complete?: unknown
  incomplete?: unknown
}

/** How the client begins the warning that no connection came about with somebody whom a tracker had us meet over WebRTC. */
const noConnection = 'Connection error'
const longestRetryMs = 300_000

/**
 * What each tracker last answered. Where a connection over WebRTC did not come about, all are asked anew after some seconds, which makes
 * both sides try again; by itself the client would wait for its next time.
 */
export class TrackerAnswers {
  readonly #answers: Map<string, TrackerStats>
  #watched: TrackerClient | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs: number

  /** @param retryMs how long to wait for the first time, in milliseconds; twice as long after each, five minutes at most */
  constructor(urls: readonly string[], retryMs = 5_000) {
    this.#retryMs = retryMs
    this.#answers = new Map(urls.map(url => [key(url), { ...blank, url }]))
  }

  /**
   * Listens to every tracker of a client by itself: the client's own events do not tell which of them a warning is of.
   */
  watch(client: TrackerClient): void {
    if (client === this.#watched) return
    this.#watched = client
    for (const tracker of client._trackers) {
      const emit = (event: string, value: unknown) => {
        if (event === 'update') this.#onUpdate(tracker.announceUrl, value as Update)
        if (event === 'warning') this.#onWarning(tracker.announceUrl, value as Error)
        return client.emit(event, value)
      }
      tracker.client = Object.create(client, { emit: { value: emit } })
    }
  }

  all(): readonly TrackerStats[] {
    return [...this.#answers.values()]
  }

  #onUpdate(announceUrl: string, update: Update): void {
    const answer = this.#answers.get(key(announceUrl))
    if (!answer) return
    const [seeds, leeches] = [count(update.complete), count(update.incomplete)]
    this.#answers.set(key(announceUrl), { ...answer, status: 'working', message: undefined, seeds, leeches })
  }

  #onWarning(announceUrl: string, { message }: Error): void {
    const answer = this.#answers.get(key(announceUrl))
    if (answer)
      this.#answers.set(key(announceUrl), { ...answer, status: 'failed', message: message.slice(0, 200) })
    if (message.startsWith(noConnection)) this.#retrySoon()
  }

  #retrySoon(): void {
    if (this.#retry) return
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      if (!this.#watched?.destroyed) this.#watched?.update()
    }, this.#retryMs).unref()
    this.#retryMs = Math.min(2 * this.#retryMs, longestRetryMs)
  }
}

const blank = { status: 'waiting', message: undefined, seeds: undefined, leeches: undefined } as const

/** The tracker client takes a closing slash off. */
function key(url: string): string {
  return url.endsWith('/') ? url.slice(0, -1) : url
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}
