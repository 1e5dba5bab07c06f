import type { Bitfield } from '../../../../core/index.ts'
import type { PiecePicker } from '../picker/piece-picker.ts'

/** Pieces counted in one turn of the loop: some milliseconds. */
const piecesATurn = 100_000

/**
 * Counts what peers have into the picker, a few at a time: hundreds that come or go at once, with a hundred thousand pieces each,
 * must not hold up the loop. Until a peer is counted its pieces only seem rarer than they are.
 */
export class RarityTurns {
  readonly #picker: PiecePicker
  readonly #waiting = new Map<Bitfield, 'add' | 'remove'>()
  #left = piecesATurn
  #timer: NodeJS.Immediate | undefined

  constructor(picker: PiecePicker) {
    this.#picker = picker
  }

  /** A peer has these pieces; it may get more meanwhile. */
  add(has: Bitfield): void {
    this.#waiting.set(has, 'add')
    this.#run()
  }

  /** The peer of these pieces is gone; they change no more. */
  remove(has: Bitfield): void {
    if (this.#waiting.delete(has)) return
    this.#waiting.set(has, 'remove')
    this.#run()
  }

  /** Whether a change of one of its pieces is to be told to the picker. */
  isCounted(has: Bitfield): boolean {
    return !this.#waiting.has(has)
  }

  /** Every peer is forgotten. */
  clear(): void {
    this.#waiting.clear()
    this.#picker.forgetPeers()
  }

  #run(): void {
    for (const [has, what] of this.#waiting) {
      // One is always let through, however long.
      if (this.#left < has.length && this.#left < piecesATurn) break
      this.#left -= has.length
      this.#waiting.delete(has)
      if (what === 'add') this.#picker.addPeer(has)
      else this.#picker.removePeer(has)
    }
    this.#timer ??= setImmediate(() => {
      this.#timer = undefined
      this.#left = piecesATurn
      if (this.#waiting.size > 0) this.#run()
    })
  }
}
