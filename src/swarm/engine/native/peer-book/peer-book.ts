import type { PeerStats } from '../../../engine.ts'
import { parseAddress, type PeerAddress } from './address.ts'

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
}

const maxCandidates = 1_000
const firstRetryMs = 5_000
const longestRetryMs = 600_000
const goodSources: readonly PeerSource[] = ['manual', 'lsd']

export interface PeerBookInit {
  readonly now?: (() => number) | undefined
  readonly random?: (() => number) | undefined
}

/** The addresses known of one torrent's peers, and when each may be tried: 1,000 at most, those by hand before all others. */
export class PeerBook {
  readonly #now: () => number
  readonly #random: () => number
  readonly #candidates = new Map<string, Candidate>()
  /** Never tried, or told of anew: in the order in which they came. */
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
    const known = this.#candidates.get(address)
    if (known) return this.#again(known, source)
    const parsed = parseAddress(address)
    if (!parsed) return false
    const isGood = goodSources.includes(source)
    if (this.#candidates.size >= maxCandidates && !(isGood && this.#dropOne())) return false
    const candidate: Candidate = {
      ...parsed,
      address,
      source,
      isPlain: false,
      isSeed: false,
      failures: 0,
      notBeforeMs: 0,
      state: 'idle',
    }
    this.#candidates.set(address, candidate)
    this.#fresh.add(candidate)
    return true
  }

  get(address: string): Candidate | undefined {
    return this.#candidates.get(address)
  }

  /** The next address to dial, or how long there is none. */
  next(isSeeding: boolean): Candidate | { readonly waitMs: number } {
    const now = this.#now()
    for (const candidate of this.#fresh) {
      if (candidate.state !== 'idle' || (isSeeding && candidate.isSeed)) {
        this.#fresh.delete(candidate)
        continue
      }
      this.#fresh.delete(candidate)
      candidate.state = 'dialling'
      return candidate
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
    candidate.failures = 0
  }

  /** The connection could not be made, or has ended; a failure is waited for longer each time. */
  ended(candidate: Candidate, isFailure: boolean): void {
    candidate.state = 'idle'
    if (isFailure) candidate.failures++
    const backoffMs = Math.min(firstRetryMs * 2 ** Math.max(candidate.failures - 1, 0), longestRetryMs)
    candidate.notBeforeMs = this.#now() + backoffMs * (0.8 + 0.4 * this.#random())
  }

  /** It may be tried at once, in another way. */
  retryNow(candidate: Candidate): void {
    candidate.state = 'idle'
    candidate.notBeforeMs = 0
    this.#fresh.add(candidate)
  }

  /** Every address may be tried at once: what failed was ours. */
  forgive(): void {
    for (const candidate of this.#candidates.values()) {
      candidate.failures = 0
      if (candidate.state === 'idle') this.retryNow(candidate)
    }
  }

  forget(address: string): void {
    const candidate = this.#candidates.get(address)
    if (!candidate) return
    this.#candidates.delete(address)
    this.#fresh.delete(candidate)
  }

  /** Somebody tells of it again: a person who names it wants it tried now. */
  #again(candidate: Candidate, source: PeerSource): boolean {
    if (!goodSources.includes(source)) return false
    candidate.source = source
    if (candidate.state !== 'idle') return false
    candidate.failures = 0
    this.retryNow(candidate)
    return true
  }

  /** Makes room: the one that failed most often goes. */
  #dropOne(): boolean {
    let worst: Candidate | undefined
    for (const candidate of this.#candidates.values()) {
      if (candidate.state !== 'idle' || goodSources.includes(candidate.source)) continue
      if (!worst || candidate.failures > worst.failures) worst = candidate
    }
    if (worst) this.forget(worst.address)
    return worst !== undefined
  }
}
