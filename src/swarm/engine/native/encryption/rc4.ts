import { rc4Loop, windowAt, windowLength } from './rc4-loop.ts'

/** One direction of an RC4 stream. It hides what passes from a glance, and proves nothing: there is no integrity in it. */
export class Rc4 {
  readonly #permutation = new Uint8Array(256)
  #i = 0
  #j = 0

  /** @param key 1 to 256 bytes */
  constructor(key: Uint8Array) {
    const s = this.#permutation
    for (let i = 0; i < 256; i++) s[i] = i
    for (let i = 0, j = 0; i < 256; i++) {
      const a = s[i]!
      j = (j + a + key[i % key.length]!) & 255
      s[i] = s[j]!
      s[j] = a
    }
  }

  /** Throws away the next bytes of the keystream. */
  skip(bytes: number): void {
    const { memory, run } = rc4Loop()
    memory.set(this.#permutation)
    for (let left = bytes; left > 0; left -= windowLength) this.#run(run, Math.min(left, windowLength))
    this.#permutation.set(memory.subarray(0, 256))
  }

  /** Encrypts or decrypts the next bytes of the stream, in place or into `to`, which is at least as long. */
  apply(from: Uint8Array, to: Uint8Array = from): void {
    const { memory, run } = rc4Loop()
    memory.set(this.#permutation)
    for (let at = 0; at < from.length; at += windowLength) {
      const length = Math.min(from.length - at, windowLength)
      memory.set(length === from.length ? from : from.subarray(at, at + length), windowAt)
      this.#run(run, length)
      to.set(memory.subarray(windowAt, windowAt + length), at)
    }
    this.#permutation.set(memory.subarray(0, 256))
  }

  #run(run: (i: number, j: number, from: number, to: number) => number, length: number): void {
    this.#j = run(this.#i, this.#j, windowAt, windowAt + length)
    this.#i = (this.#i + length) & 255
  }
}
