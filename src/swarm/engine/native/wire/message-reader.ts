import { messageId } from './message.ts'

/** Who takes what a {@link MessageReader} finds. */
export interface MessageSink {
  /**
   * A block begins. Answers where its piece is gathered, so that the bytes go straight to their place at `begin`, or `undefined`
   * to have them thrown away.
   */
  blockStart(piece: number, begin: number, length: number): Buffer | undefined
  /** The block that began last is complete; whether its bytes were kept. */
  blockEnd(piece: number, begin: number, length: number, isKept: boolean): void
  /** Any other message. The body is only lent: it is overwritten after the call. */
  message(id: number, body: Buffer): void
}

/** Beyond this a message is a breach of the protocol, whatever it is. */
export const maxMessageLength = 1024 * 1024
/** The longest block that is read past rather than taken for a breach; nobody asks for more than 16 KiB. */
const maxBlockLength = 128 * 1024
const blockBodyLength = 8
/** A buffer that a long message needed is not kept for the short ones. */
const keptBodyLength = 4096

/**
 * Takes messages out of a stream of bytes, however it is cut. The bytes of blocks are copied once, to their place; the bodies of
 * other messages only where they arrive in parts. Memory grows with what has arrived, never with what a length claims.
 */
export class MessageReader {
  readonly #sink: MessageSink
  readonly #header = Buffer.alloc(4 + 1 + blockBodyLength)
  #headerHas = 0
  #headerNeeds = 4
  /** Bytes of the present message's body that are still to come; -1 between messages. */
  #left = -1
  #id = -1
  #body = Buffer.alloc(0)
  #bodyHas = 0
  #target: Buffer | undefined
  #isKept = false
  #piece = 0
  #begin = 0
  #blockLength = 0
  #blockHas = 0

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  /** Has the rest of the block that is arriving thrown away, whose place was given to somebody else. */
  dropBlock(): void {
    this.#target = undefined
    this.#isKept = false
  }

  /** Takes the next bytes; answers why the stream is no good, after which it must not be called again. */
  push(chunk: Buffer, length: number): string | undefined {
    let at = 0
    while (at < length) {
      if (this.#left < 0) {
        at = this.#readHeader(chunk, at, length)
        if (this.#headerHas < this.#headerNeeds) return undefined
        const fault = this.#beginMessage()
        if (fault) return fault
      } else if (this.#id === messageId.piece) {
        at = this.#readBlock(chunk, at, length)
      } else {
        at = this.#readBody(chunk, at, length)
      }
    }
    return undefined
  }

  #readHeader(chunk: Buffer, at: number, end: number): number {
    while (at < end && this.#headerHas < this.#headerNeeds) this.#header[this.#headerHas++] = chunk[at++]!
    return at
  }

  /** Called with the length, then with the id, then, for a block, with its piece and offset. */
  #beginMessage(): string | undefined {
    const header = this.#header
    if (this.#headerNeeds === 4) {
      const length = header.readUInt32BE(0)
      if (length > maxMessageLength) return `a message of ${length} bytes`
      if (length === 0) this.#headerHas = 0
      else this.#headerNeeds = 5
      return undefined
    }
    const length = header.readUInt32BE(0) - 1
    if (this.#headerNeeds === 5) {
      this.#id = header[4]!
      if (this.#id === messageId.piece) {
        if (length < blockBodyLength || length > blockBodyLength + maxBlockLength)
          return `a block of ${length - blockBodyLength} bytes`
        this.#headerNeeds = 5 + blockBodyLength
        return undefined
      }
      this.#left = length
      this.#bodyHas = 0
      if (length === 0) this.#endMessage(this.#body.subarray(0, 0))
      return undefined
    }
    this.#piece = header.readUInt32BE(5)
    this.#begin = header.readUInt32BE(9)
    this.#blockLength = length - blockBodyLength
    this.#blockHas = 0
    this.#left = this.#blockLength
    this.#target = this.#sink.blockStart(this.#piece, this.#begin, this.#blockLength)
    this.#isKept = this.#target !== undefined
    if (this.#left === 0) this.#endBlock()
    return undefined
  }

  #readBlock(chunk: Buffer, at: number, end: number): number {
    const length = Math.min(this.#left, end - at)
    if (this.#target) chunk.copy(this.#target, this.#begin + this.#blockHas, at, at + length)
    this.#blockHas += length
    this.#left -= length
    if (this.#left === 0) this.#endBlock()
    return at + length
  }

  #readBody(chunk: Buffer, at: number, end: number): number {
    const length = Math.min(this.#left, end - at)
    if (this.#bodyHas === 0 && length === this.#left) {
      this.#endMessage(chunk.subarray(at, at + length))
      return at + length
    }
    this.#makeRoom(this.#bodyHas + length)
    chunk.copy(this.#body, this.#bodyHas, at, at + length)
    this.#bodyHas += length
    this.#left -= length
    if (this.#left === 0) this.#endMessage(this.#body.subarray(0, this.#bodyHas))
    return at + length
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#body.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#body.length * 2, 64))
    this.#body.copy(larger, 0, 0, this.#bodyHas)
    this.#body = larger
  }

  #endBlock(): void {
    this.#startOver()
    this.#target = undefined
    this.#blockHas = 0
    this.#sink.blockEnd(this.#piece, this.#begin, this.#blockLength, this.#isKept)
  }

  #endMessage(body: Buffer): void {
    const id = this.#id
    this.#startOver()
    this.#sink.message(id, body)
    if (this.#body.length > keptBodyLength) this.#body = Buffer.alloc(0)
  }

  #startOver(): void {
    this.#left = -1
    this.#id = -1
    this.#headerHas = 0
    this.#headerNeeds = 4
  }
}
