import { blocksOf, type MetadataMessage, metadataBlockLength } from './metadata-message.ts'

/** Requests that wait at one peer. */
const maxOutstanding = 8
/** A peer that rejects is asked again after a while. */
const rejectPauseMs = 5_000
const maxRejects = 8

/** What came of a message: nothing yet, all blocks are here, or the peer contradicts itself or refuses for good. */
export type AttemptStep = 'more' | 'whole' | 'useless'

/** One peer's answer to all requests for the `info` dictionary. Grows by what arrives, not by what was claimed. */
export class MetadataAttempt {
  readonly sizeBytes: number
  readonly startedAtMs: number
  /** When the peer last sent a block that was wanted. */
  heardAtMs: number
  readonly #send: (block: number) => void
  readonly #blocks = new Map<number, Uint8Array>()
  readonly #asked = new Set<number>()
  readonly #again: number[] = []
  #next = 0
  #rejects = 0
  #pausedUntilMs = 0

  constructor(sizeBytes: number, nowMs: number, send: (block: number) => void) {
    this.sizeBytes = sizeBytes
    this.startedAtMs = nowMs
    this.heardAtMs = nowMs
    this.#send = send
  }

  /** Sends the requests that may go out now. */
  ask(nowMs: number): void {
    if (nowMs < this.#pausedUntilMs) return
    while (this.#asked.size < maxOutstanding) {
      const block = this.#again.pop() ?? (this.#next < blocksOf(this.sizeBytes) ? this.#next++ : undefined)
      if (block === undefined) return
      this.#asked.add(block)
      this.#send(block)
    }
  }

  onMessage(message: MetadataMessage, nowMs: number): AttemptStep {
    const { kind, block, bytes, totalBytes } = message
    // Late answers to another attempt are no fault.
    if (kind === 'request' || !this.#asked.has(block)) return 'more'
    if (kind === 'reject') {
      this.#asked.delete(block)
      this.#again.push(block)
      this.#pausedUntilMs = nowMs + rejectPauseMs
      this.heardAtMs = nowMs
      return ++this.#rejects > maxRejects ? 'useless' : 'more'
    }
    const length = Math.min(metadataBlockLength, this.sizeBytes - block * metadataBlockLength)
    if (bytes.length !== length || (totalBytes ?? this.sizeBytes) !== this.sizeBytes) return 'useless'
    this.#asked.delete(block)
    this.#blocks.set(block, Uint8Array.from(bytes))
    this.#rejects = 0
    this.heardAtMs = nowMs
    if (this.#blocks.size === blocksOf(this.sizeBytes)) return 'whole'
    this.ask(nowMs)
    return 'more'
  }

  /** All blocks in order; only when the peer's answer is whole. */
  assemble(): Uint8Array {
    const whole = new Uint8Array(this.sizeBytes)
    for (const [block, bytes] of this.#blocks) whole.set(bytes, block * metadataBlockLength)
    return whole
  }
}
