import { MetadataAttempt } from './metadata-attempt.ts'
import { maxMetadataBytes, readMetadataMessage, writeMetadataRequest } from './metadata-message.ts'

/** Peers asked at once, each for the whole: so many answers of 10 MB are held at most. */
const maxAttempts = 4
/** Another peer is asked beside the others when there is nothing after so long. */
const addEveryMs = 3_000
const silenceMs = 15_000
/** A slow peer keeps its place so long where others wait for theirs. */
const longEnoughMs = 60_000
const firstPauseMs = 10_000
const maxPauseMs = 300_000

export interface MetadataFetchInit {
  /** Whether these bytes have the info-hash that is looked for. */
  readonly accepts: (infoBytes: Uint8Array) => boolean
  /** Sends a payload of `ut_metadata` to a peer. */
  readonly send: (peer: number, payload: Uint8Array) => void
  /** Called once, with bytes that were accepted. */
  readonly onMetadata: (infoBytes: Uint8Array) => void
  /** All that was sent came from this peer, and it is not what was looked for. */
  readonly onLiar: (peer: number, reason: string) => void
  readonly now?: () => number
}

interface Candidate {
  readonly sizeBytes: number
  attempt: MetadataAttempt | undefined
  failures: number
  notBeforeMs: number
}

/**
 * Fetches the `info` dictionary from peers (BEP 9). Each attempt takes the whole from one peer, so that whoever sends something
 * false is known and never asked again; further peers are asked where one is slow, up to four at once.
 */
export class MetadataFetch {
  readonly #init: MetadataFetchInit
  readonly #now: () => number
  readonly #peers = new Map<number, Candidate>()
  #attempts = 0
  #lastStartMs = 0
  #isDone = false

  constructor(init: MetadataFetchInit) {
    this.#init = init
    this.#now = init.now ?? (() => performance.now())
  }

  /** A peer says that it has the dictionary, of so many bytes; again for a peer, it is passed over. */
  addPeer(peer: number, sizeBytes: number): void {
    const isSensible = Number.isInteger(sizeBytes) && sizeBytes > 0 && sizeBytes <= maxMetadataBytes
    if (this.#isDone || !isSensible || this.#peers.has(peer)) return
    this.#peers.set(peer, { sizeBytes, attempt: undefined, failures: 0, notBeforeMs: 0 })
    if (this.#attempts === 0) this.#startOne(this.#now())
  }

  removePeer(peer: number): void {
    const candidate = this.#peers.get(peer)
    if (!candidate) return
    this.#end(candidate)
    this.#peers.delete(peer)
    if (this.#attempts === 0) this.#startOne(this.#now())
  }

  onMessage(peer: number, payload: Uint8Array): void {
    const candidate = this.#peers.get(peer)
    const attempt = candidate?.attempt
    if (this.#isDone || !attempt) return
    const message = readMetadataMessage(payload)
    if (!message) return
    const step = attempt.onMessage(message, this.#now())
    if (step === 'whole') this.#onWhole(peer, attempt.assemble())
    else if (step === 'useless') this.#giveUp(candidate, this.#now())
  }

  /** To be called about every second. */
  tick(): void {
    if (this.#isDone) return
    const nowMs = this.#now()
    for (const candidate of this.#peers.values()) {
      const { attempt } = candidate
      if (!attempt) continue
      if (nowMs - attempt.heardAtMs > silenceMs) this.#giveUp(candidate, nowMs)
      else attempt.ask(nowMs)
    }
    if (this.#attempts === 0 || nowMs - this.#lastStartMs >= addEveryMs) this.#startOne(nowMs)
  }

  #onWhole(peer: number, infoBytes: Uint8Array): void {
    if (this.#init.accepts(infoBytes)) {
      this.#isDone = true
      this.#peers.clear()
      this.#init.onMetadata(infoBytes)
      return
    }
    const candidate = this.#peers.get(peer)!
    this.#end(candidate)
    candidate.notBeforeMs = Number.POSITIVE_INFINITY
    if (this.#attempts === 0) this.#startOne(this.#now())
    this.#init.onLiar(peer, 'the metadata that it sent does not have the hash of the torrent')
  }

  #giveUp(candidate: Candidate, nowMs: number): void {
    this.#end(candidate)
    candidate.notBeforeMs = nowMs + Math.min(maxPauseMs, firstPauseMs * 2 ** candidate.failures)
    candidate.failures++
    if (this.#attempts === 0) this.#startOne(nowMs)
  }

  #end(candidate: Candidate): void {
    if (!candidate.attempt) return
    candidate.attempt = undefined
    this.#attempts--
  }

  #startOne(nowMs: number): void {
    const found = this.#nextCandidate(nowMs)
    if (!found) return
    if (this.#attempts === maxAttempts && !this.#makeRoom(nowMs)) return
    const [peer, candidate] = found
    this.#attempts++
    this.#lastStartMs = nowMs
    candidate.attempt = new MetadataAttempt(candidate.sizeBytes, nowMs, block =>
      this.#init.send(peer, writeMetadataRequest(block)),
    )
    candidate.attempt.ask(nowMs)
  }

  /** Who failed least often, and among those one of the size that most peers claim. */
  #nextCandidate(nowMs: number): [peer: number, candidate: Candidate] | undefined {
    const claims = new Map<number, number>()
    for (const { sizeBytes } of this.#peers.values()) claims.set(sizeBytes, (claims.get(sizeBytes) ?? 0) + 1)
    let best: [number, Candidate] | undefined
    for (const entry of this.#peers) {
      const [, candidate] = entry
      if (candidate.attempt || candidate.notBeforeMs > nowMs) continue
      const isBetter =
        !best ||
        candidate.failures < best[1].failures ||
        (candidate.failures === best[1].failures &&
          claims.get(candidate.sizeBytes)! > claims.get(best[1].sizeBytes)!)
      if (isBetter) best = entry
    }
    return best
  }

  /** Ends the attempt that goes on for longest, where that is long enough. */
  #makeRoom(nowMs: number): boolean {
    let oldest: Candidate | undefined
    for (const candidate of this.#peers.values()) {
      const startedAtMs = candidate.attempt?.startedAtMs
      if (startedAtMs !== undefined && startedAtMs < (oldest?.attempt?.startedAtMs ?? Infinity))
        oldest = candidate
    }
    if (!oldest?.attempt || nowMs - oldest.attempt.startedAtMs < longEnoughMs) return false
    this.#end(oldest)
    oldest.notBeforeMs = nowMs + firstPauseMs * 2 ** Math.min(oldest.failures, 5)
    oldest.failures++
    return true
  }
}
