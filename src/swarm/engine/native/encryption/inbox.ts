/** Bytes in the order in which they came, taken from the front. Grows with what arrives, never with what was announced. */
export class Inbox {
  #bytes = Buffer.alloc(0)
  #from = 0
  #to = 0

  get length(): number {
    return this.#to - this.#from
  }

  add(bytes: Uint8Array): void {
    if (this.#to + bytes.length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.length * 2, this.length + bytes.length))
      this.#bytes.copy(grown, 0, this.#from, this.#to)
      this.#bytes = grown
      this.#to -= this.#from
      this.#from = 0
    }
    this.#bytes.set(bytes, this.#to)
    this.#to += bytes.length
  }

  /** The first `length` bytes, which are there; the caller may change them. */
  take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.#from, this.#from + length)
    this.#from += length
    return taken
  }

  /** Where `needle` begins, from the front; -1 where it is not. */
  indexOf(needle: Buffer): number {
    return this.#bytes.subarray(this.#from, this.#to).indexOf(needle)
  }
}
