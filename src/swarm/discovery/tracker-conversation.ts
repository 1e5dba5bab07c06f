import { isPublicAddress } from '../../core/index.ts'
import type { TrackerStats } from '../engine.ts'
import type { AnnounceTurns } from './announce-turns.ts'
import type { Clock } from './clock.ts'
import type { TrackerAnswer } from './tracker-answer.ts'
import type { TrackerAskOptions, TrackerEvent, TrackerRequest } from './tracker-request.ts'

/** Speaks to one tracker, by whatever protocol. */
export type Announce = (
  url: string,
  request: TrackerRequest,
  options: TrackerAskOptions,
) => Promise<TrackerAnswer>

export interface TrackerConversationInit {
  readonly url: string
  readonly announce: Announce
  readonly allowPrivate: boolean
  readonly turns: AnnounceTurns
  readonly clock: Clock
  /** What is to be said, made when its turn has come. */
  readonly request: (event: TrackerEvent | undefined, trackerId: Uint8Array | undefined) => TrackerRequest
  readonly onPeers: (addresses: readonly string[]) => void
}

const announceMs = 20_000
const stopMs = 2_500
const firstRetryMs = 30_000
const longestRetryMs = 30 * 60_000

/** What is said over time to one tracker about one torrent under one of its hashes. */
export class TrackerConversation {
  readonly #init: TrackerConversationInit
  #isEnded = false
  /** Ends what is being asked; thousands of conversations ask nothing at a time. */
  #asking: AbortController | undefined
  #stats: TrackerStats
  #isStarted = false
  /** Bytes that were missing when the tracker was last told. */
  #leftSaid = 0
  #isCompleteToSay = false
  /** Asking, or waiting for its turn to. */
  #isBusy = false
  /** Asked out of turn a moment ago. */
  #isFresh = false
  #failures = 0

  #trackerId: Uint8Array | undefined
  #cancel: (() => void) | undefined

  constructor(init: TrackerConversationInit) {
    this.#init = init
    this.#stats = {
      url: init.url,
      status: 'waiting',
      message: undefined,
      seeds: undefined,
      leeches: undefined,
    }
  }

  get stats(): TrackerStats {
    return this.#stats
  }

  start(): void {
    if (!this.#cancel && !this.#isBusy) this.#schedule(0)
  }

  /** Everything is here now; a tracker that knew us as incomplete is told at once. */
  complete(): void {
    if (this.#leftSaid === 0 || this.#isCompleteToSay) return
    this.#isCompleteToSay = true
    if (this.#isStarted && !this.#isBusy) this.#schedule(0)
  }

  /** Announces now rather than at its time; where that was done less than half a minute ago, nothing is sent. */
  announceNow(): void {
    if (!this.#cancel || this.#isBusy || this.#isFresh) return
    this.#isFresh = true
    this.#init.clock.after(firstRetryMs, () => {
      this.#isFresh = false
    })
    this.#schedule(0)
  }

  /** Says `stopped` where the tracker knows of us; 2.5 s at most. To be called once. */
  async stop(): Promise<void> {
    this.#cancel?.()
    this.#isEnded = true
    this.#asking?.abort()
    if (!this.#isStarted) return
    const { promise: told, resolve } = Promise.withResolvers<void>()
    const leave = this.#enter(() =>
      this.#ask('stopped', stopMs)
        .then(
          () => {},
          () => {},
        )
        .finally(resolve),
    )
    const cancel = this.#init.clock.after(stopMs, () => {
      leave()
      this.#asking?.abort()
      resolve()
    })
    await told
    cancel()
  }

  #schedule(ms: number): void {
    this.#cancel?.()
    this.#cancel = undefined
    if (this.#isEnded) return
    this.#cancel = this.#init.clock.after(ms, () => {
      this.#isBusy = true
      this.#cancel = this.#enter(() => this.#announce())
    })
  }

  #enter(work: () => Promise<void>): () => void {
    const { turns, url } = this.#init
    return turns.enter(hostOf(url), work)
  }

  async #announce(): Promise<void> {
    const saysComplete = this.#isCompleteToSay
    let nextMs: number
    try {
      const event = this.#isStarted ? (saysComplete ? 'completed' : undefined) : 'started'
      const answer = await this.#ask(event, announceMs)
      if (this.#isEnded) return
      nextMs = this.#onAnswer(answer)
      if (saysComplete) this.#isCompleteToSay = false
    } catch (error) {
      if (this.#isEnded) return
      nextMs = this.#onFailure(error)
    } finally {
      this.#isBusy = false
    }
    this.#schedule(this.#isCompleteToSay && !saysComplete ? 0 : nextMs)
  }

  async #ask(event: TrackerEvent | undefined, timeoutMs: number): Promise<TrackerAnswer> {
    const { url, announce, request, allowPrivate } = this.#init
    const said = request(event, this.#trackerId)
    this.#leftSaid = said.left
    const asking = new AbortController()
    this.#asking = asking
    try {
      return await announce(url, said, { allowPrivate, timeoutMs, signal: asking.signal })
    } finally {
      if (this.#asking === asking) this.#asking = undefined
    }
  }

  #onAnswer(answer: TrackerAnswer): number {
    const { onPeers, allowPrivate, url } = this.#init
    this.#isStarted = true
    this.#failures = 0

    this.#trackerId = answer.trackerId ?? this.#trackerId
    const { seeds, leeches, warning } = answer
    this.#stats = { url, status: 'working', message: warning, seeds, leeches }
    const peers = allowPrivate
      ? answer.peers
      : answer.peers.filter(peer => isPublicAddress(hostOf(`//${peer}`)))
    if (peers.length > 0) onPeers(peers)
    return answer.intervalMs
  }

  #onFailure(error: unknown): number {
    const { code, message } = error as NodeJS.ErrnoException
    const [status, why] =
      code === 'ERR_ADDRESS_NOT_ALLOWED'
        ? (['refused', 'it leads to a private address'] as const)
        : (['failed', message.slice(0, 200)] as const)
    this.#stats = { ...this.#stats, status, message: why }
    const waitMs = Math.min(firstRetryMs * 2 ** Math.min(this.#failures++, 10), longestRetryMs)

    // Torrents that failed together do not try again together.
    return waitMs * (1 + Math.random() / 4)
  }
}

function hostOf(url: string): string {
  const start = url.indexOf('//') + 2
  const end = /[/?#]/.exec(url.slice(start))?.index
  return url.slice(start, end === undefined ? undefined : start + end).replace(/:\d+$/, '')
}
