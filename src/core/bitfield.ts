/** Which pieces are held: one bit a piece, the first piece in the highest bit of the first byte (BEP 3). */
export class Bitfield {
  readonly bytes: Uint8Array
  readonly length: number
  #count: number

  /**
   * @param length how many pieces
   * @param bytes bits to start from (copied; spare bits at the end are cleared); without them nothing is held
   * @throws {RangeError} where `bytes` is not ceil(length / 8) long
   */
  constructor(length: number, bytes?: Uint8Array) {
    this.length = length
    this.bytes = new Uint8Array(Math.ceil(length / 8))
    this.#count = 0
    if (!bytes) return
    if (bytes.length !== this.bytes.length)
      throw new RangeError(`A bitfield of ${length} takes ${this.bytes.length} bytes`)
    this.bytes.set(bytes)
    if (length % 8) this.bytes[this.bytes.length - 1]! &= 0xff << (8 - (length % 8))
    for (const byte of this.bytes) this.#count += bitsIn(byte)
  }

  /** A bitfield of `length` pieces that holds them all. */
  static full(length: number): Bitfield {
    return new Bitfield(length, new Uint8Array(Math.ceil(length / 8)).fill(0xff))
  }

  /** How many pieces are held. */
  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count === this.length
  }

  has(index: number): boolean {
    return (this.bytes[index >> 3]! & (0x80 >> (index & 7))) !== 0
  }

  add(index: number): void {
    if (index < 0 || index >= this.length || this.has(index)) return
    this.bytes[index >> 3]! |= 0x80 >> (index & 7)
    this.#count++
  }

  delete(index: number): void {
    if (index < 0 || index >= this.length || !this.has(index)) return
    this.bytes[index >> 3]! &= ~(0x80 >> (index & 7))
    this.#count--
  }
}

function bitsIn(byte: number): number {
  const pairs = byte - ((byte >> 1) & 0x55)
  const nibbles = (pairs & 0x33) + ((pairs >> 2) & 0x33)
  return (nibbles + (nibbles >> 4)) & 0x0f
}
