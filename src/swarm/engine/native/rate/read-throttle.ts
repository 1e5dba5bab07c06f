import type { TokenBucket } from './token-bucket.ts'

/** A connection that can be kept from reading. */
export interface Reading {
  pause(): void
  resume(): void
}

const everyMs = 10
/** What a connection that is read again is taken to have waiting: else all would go on for what is enough for one. */
const expectedBytes = 64 * 1024

/**
 * Holds download limits: whoever took more than the buckets have is not read from until they are filled again, so that the
 * network itself slows the sender down. Runs a timer only while somebody is paused.
 */
export class ReadThrottle {
  readonly #paused = new Map<Reading, readonly TokenBucket[]>()
  #timer: NodeJS.Timeout | undefined

  /** Counts what was read, and pauses the connection where it was too much. */
  onRead(reading: Reading, bytes: number, buckets: readonly TokenBucket[]): void {
    let isOver = false
    for (const bucket of buckets) {
      bucket.take(bytes)
      if (bucket.available() < 0) isOver = true
    }
    if (!isOver) return
    reading.pause()
    this.#paused.set(reading, buckets)
    this.#arm()
  }

  forget(reading: Reading): void {
    this.#paused.delete(reading)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#paused.clear()
  }

  #arm(): void {
    if (this.#timer) return
    this.#timer = setTimeout(() => this.#run(), everyMs)
    this.#timer.unref()
  }

  #run(): void {
    this.#timer = undefined
    // Each that goes on is put behind the others when it has to wait again: so they take turns.
    const promised = new Map<TokenBucket, number>()
    for (const [reading, buckets] of [...this.#paused]) {
      if (buckets.some(bucket => bucket.available() < (promised.get(bucket) ?? 0))) continue
      for (const bucket of buckets) promised.set(bucket, (promised.get(bucket) ?? 0) + expectedBytes)
      this.#paused.delete(reading)
      reading.resume()
    }
    if (this.#paused.size > 0) this.#arm()
  }
}
