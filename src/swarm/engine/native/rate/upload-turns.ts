/** Somebody who may send again in its turn. */
export interface Turn {
  /** Sends a few blocks at most, and asks for another turn where it has more. */
  readonly take: () => void
  /** Whether it goes before those who say no. */
  readonly isFirst: () => boolean
  /** Milliseconds until its limits let anything pass; 0 for now. */
  readonly msUntilAllowed: () => number
}

/** Limits are filled in steps of this length, so that what is sent at once is worth a write. */
const everyMs = 10
/** A limit may be lifted meanwhile. */
const longestWaitMs = 250
/** How often those who are not first have a turn while others are: they may have nobody else to get it from. */
const laterEvery = 32
/** Turns that everybody gets in one step; the rest of what is allowed is sent in the next one. */
const roundsAtOnce = 64

/**
 * Who waits for the upload limits: one after another gets its turn as long as the limits let something pass, those who are
 * first by their own word before the others. Runs a timer only while somebody waits.
 */
export class UploadTurns<K> {
  readonly #waiting = new Map<K, Turn>()
  #timer: NodeJS.Timeout | undefined
  #isRunning = false
  #rounds = 0

  /** Asks for a turn; asking again before it came changes nothing. */
  wait(key: K, turn: Turn): void {
    if (!this.#waiting.has(key)) this.#waiting.set(key, turn)
    if (!this.#isRunning) this.#arm(turn.msUntilAllowed())
  }

  forget(key: K): void {
    this.#waiting.delete(key)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#waiting.clear()
  }

  #arm(delayMs: number): void {
    if (this.#timer) return
    const waitMs = delayMs === 0 ? 0 : Math.min(Math.max(everyMs, delayMs), longestWaitMs)
    this.#timer = setTimeout(() => this.#run(), waitMs)
    this.#timer.unref()
  }

  #run(): void {
    this.#timer = undefined
    this.#isRunning = true
    let soonestMs = Number.POSITIVE_INFINITY
    for (let round = 0; round < roundsAtOnce; round++) {
      soonestMs = this.#runRound()
      if (soonestMs > 0) break
    }
    this.#isRunning = false
    if (this.#waiting.size > 0) this.#arm(soonestMs)
  }

  /** Everybody who waits gets a turn, the first ones first; answers after how many milliseconds anybody may go on. */
  #runRound(): number {
    const later: [K, Turn][] = []
    for (const [key, turn] of [...this.#waiting]) {
      if (turn.isFirst()) this.#take(key, turn)
      else later.push([key, turn])
    }
    const isTurnOfAll = ++this.#rounds % laterEvery === 0
    if (isTurnOfAll || !this.#isAnyFirst()) for (const [key, turn] of later) this.#take(key, turn)
    let soonestMs = Number.POSITIVE_INFINITY
    for (const turn of this.#waiting.values()) soonestMs = Math.min(soonestMs, turn.msUntilAllowed())
    return soonestMs
  }

  #isAnyFirst(): boolean {
    for (const turn of this.#waiting.values()) if (turn.isFirst()) return true
    return false
  }

  #take(key: K, turn: Turn): void {
    if (turn.msUntilAllowed() > 0 || !this.#waiting.delete(key)) return
    turn.take()
  }
}
