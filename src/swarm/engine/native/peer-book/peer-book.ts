import type { PeerStats } from '../../../engine.ts'
import { formatAddress, type PeerAddress, parseAddress } from '../../../peer-address/address.ts'

export type PeerSource = Exclude<PeerStats['source'], 'web seed'>

/** An address that may be dialled. */
export interface Candidate extends PeerAddress {
  readonly address: string
  source: PeerSource
  /** It hung up on an encrypted handshake: the next one is plain. */
  isPlain: boolean
  /** Both it and we have everything: there is nothing to connect for. */
  isSeed: boolean
  failures: number
  /** When it may be tried, by the monotonic clock. */
  notBeforeMs: number
  state: 'idle' | 'dialling' | 'connected'
  connectedAtMs: number
}

/** Where a private torrent takes peers from (BEP 27), and whoever comes by himself; the others know of no tracker. */
export function isPrivateSource(source: PeerSource): boolean {
  return source === 'tracker' || source === 'manual' || source === 'incoming'
}

const maxCandidates = 1_000
const firstRetryMs = 5_000
const longestRetryMs = 600_000
/** A connection that ends sooner was of no use. */
const shortestUsefulMs = 1_000
/** An address that failed so often gives its place to one that was not tried. */
const hopelessFailures = 3
const goodSources: readonly PeerSource[] = ['manual', 'lsd']

export interface PeerBookInit {
  readonly now?: (() => number) | undefined
  readonly random?: (() => number) | undefined
}

/** The addresses known of one torrent's peers, and when each may be tried: 1,000 at most, those that a person or LSD named first. */
export class PeerBook {
  readonly #now: () => number
  readonly #random: () => number
  readonly #candidates = new Map<string, Candidate>()
  /** Never tried, or told of anew, by a person or by LSD: in the order in which they came. */
  readonly #freshGood = new Set<Candidate>()
  readonly #fresh = new Set<Candidate>()

  constructor({ now = () => performance.now(), random = Math.random }: PeerBookInit = {}) {
    this.#now = now
    this.#random = random
  }

  get size(): number {
    return this.#candidates.size
  }

  /** Takes note of an address; `false` for one that is none, is known, or is one too many. */
  add(address: string, source: PeerSource): boolean {
    const known = this.get(address)
    if (known) return this.#again(known, source)
    const parsed = parseAddress(address)
    if (!parsed) return false
    if (this.#candidates.size >= maxCandidates && !this.#dropOne(isGood(source))) return false
    const candidate: Candidate = {
      ...parsed,
      address: formatAddress(parsed),
      source,
      isPlain: false,
      isSeed: false,
      failures: 0,
      notBeforeMs: 0,
      state: 'idle',
      connectedAtMs: 0,
    }
    this.#candidates.set(candidate.address, candidate)
    this.#freshOf(candidate).add(candidate)
    return true
  }

  get(address: string): Candidate | undefined {
    const known = this.#candidates.get(address)
    if (known) return known
    const parsed = parseAddress(address)
    return parsed && this.#candidates.get(formatAddress(parsed))
  }

  /** Whether somebody was named by hand, or heard nearby, who has not been tried. */
  get hasUntriedGood(): boolean {
    return this.#freshGood.size > 0
  }

  /** The next address to dial, or how long there is none. */
  next(isSeeding: boolean): Candidate | { readonly waitMs: number } {
    const now = this.#now()
    for (const fresh of [this.#freshGood, this.#fresh]) {
      for (const candidate of fresh) {
        fresh.delete(candidate)
        if (candidate.state !== 'idle' || (isSeeding && candidate.isSeed)) continue
        candidate.state = 'dialling'
        return candidate
      }
    }
    let soonest: Candidate | undefined
    for (const candidate of this.#candidates.values()) {
      if (candidate.state !== 'idle' || (isSeeding && candidate.isSeed)) continue
      if (!soonest || candidate.notBeforeMs < soonest.notBeforeMs) soonest = candidate
    }
    if (!soonest) return { waitMs: Number.POSITIVE_INFINITY }
    if (soonest.notBeforeMs > now) return { waitMs: soonest.notBeforeMs - now }
    soonest.state = 'dialling'
    return soonest
  }

  connected(candidate: Candidate): void {
    candidate.state = 'connected'
    candidate.connectedAtMs = this.#now()
  }

  /** The connection could not be made, or has ended; a failure is waited for longer each time. */
  ended(candidate: Candidate, isFailure: boolean): void {
    const wasUseful =
      candidate.state === 'connected' && this.#now() - candidate.connectedAtMs >= shortestUsefulMs
    candidate.state = 'idle'
    if (wasUseful) candidate.failures = 0
    if (isFailure || !wasUseful) candidate.failures++
    const backoffMs = Math.min(firstRetryMs * 2 ** Math.max(candidate.failures - 1, 0), longestRetryMs)
    candidate.notBeforeMs = this.#now() + backoffMs * (0.8 + 0.4 * this.#random())
  }

  /** It may be tried at once, in another way. */
  retryNow(candidate: Candidate): void {
    candidate.state = 'idle'
    candidate.notBeforeMs = 0
    this.#freshOf(candidate).add(candidate)
  }

  /** Every address may be tried at once: what failed was ours. */
  forgive(): void {
    for (const candidate of this.#candidates.values()) {
      candidate.failures = 0
      if (candidate.state === 'idle') this.retryNow(candidate)
    }
  }

  forget(address: string): void {
    const candidate = this.get(address)
    if (!candidate) return
    this.#candidates.delete(candidate.address)
    this.#freshGood.delete(candidate)
    this.#fresh.delete(candidate)
  }

  #freshOf({ source }: Candidate): Set<Candidate> {
    return isGood(source) ? this.#freshGood : this.#fresh
  }

  /** Somebody tells of it again: a person who names it wants it tried now. */
  #again(candidate: Candidate, source: PeerSource): boolean {
    if (!isGood(source)) return false
    candidate.source = source
    this.#fresh.delete(candidate)
    if (candidate.state !== 'idle') return false
    candidate.failures = 0
    this.retryNow(candidate)
    return true
  }

  /** Makes room: the one that failed most often goes. Only a good one is worth another that may still be reached. */
  #dropOne(isForGood: boolean): boolean {
    let worst: Candidate | undefined
    for (const candidate of this.#candidates.values()) {
      if (candidate.state !== 'idle' || isGood(candidate.source)) continue
      if (!isForGood && candidate.failures < hopelessFailures) continue
      if (!worst || candidate.failures > worst.failures) worst = candidate
    }
    if (worst) this.forget(worst.address)
    return worst !== undefined
  }
}

function isGood(source: PeerSource): boolean {
  return goodSources.includes(source)
}
