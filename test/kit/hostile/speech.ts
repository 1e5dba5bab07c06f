import { randomBytes } from 'node:crypto'
import { type Bencodable, encodeBencode, type Hex } from '../../../src/core/index.ts'

/** What a handshake says; all of it may be nonsense. */
export interface Hello {
  readonly infoHash: Hex
  readonly peerId?: Uint8Array
  /** The eight reserved bytes. @default extensions (BEP 10) and fast (BEP 6) */
  readonly reserved?: Uint8Array
}

export const helloLength = 68

const protocol = Buffer.from('\x13BitTorrent protocol', 'latin1')
const usual = Buffer.from('0000000000100004', 'hex')
/** BEP 3 alone. */
export const plainReserved = Buffer.alloc(8)

// Written apart from the engine's codec, so that a fault in that is not repeated here.

export function hello({ infoHash, peerId = randomBytes(20), reserved = usual }: Hello): Buffer {
  return Buffer.concat([protocol, reserved, Buffer.from(infoHash.slice(0, 40), 'hex'), peerId])
}

export function isHello(bytes: Buffer): boolean {
  return bytes.subarray(0, protocol.length).equals(protocol)
}

/** Numbers of four bytes each, cut to what fits into them. */
export function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4)
  return bytes
}

/** A message with its length in front. */
export function message(id: number, ...body: readonly Uint8Array[]): Buffer {
  const length = body.reduce((sum, part) => sum + part.length, 1)
  return Buffer.concat([numbers(length), Buffer.from([id]), ...body])
}

/** A message that claims a length and brings what it likes. */
export function claimed(length: number, ...bytes: readonly Uint8Array[]): Buffer {
  return Buffer.concat([numbers(length), ...bytes])
}

export const say = {
  choke: message(0),
  unchoke: message(1),
  interested: message(2),
  notInterested: message(3),
  haveAll: message(14),
  haveNone: message(15),
  keepAlive: numbers(0),
  have: (piece: number) => message(4, numbers(piece)),
  bitfield: (bits: Uint8Array) => message(5, bits),
  request: (piece: number, begin: number, length: number) => message(6, numbers(piece, begin, length)),
  block: (piece: number, begin: number, bytes: Uint8Array) => message(7, numbers(piece, begin), bytes),
  cancel: (piece: number, begin: number, length: number) => message(8, numbers(piece, begin, length)),
  /** BEP 10; 0 is the handshake. A dictionary, or bytes as they are. */
  extended: (id: number, payload: Bencodable, tail: Uint8Array = Buffer.alloc(0)) =>
    message(
      20,
      Buffer.from([id]),
      payload instanceof Uint8Array ? payload : encodeBencode(payload as Bencodable),
      tail,
    ),
} as const

/** A bitfield message's body with every piece in it. */
export function allPieces(pieceCount: number): Buffer {
  const bits = Buffer.alloc(Math.ceil(pieceCount / 8), 0xff)
  const spare = bits.length * 8 - pieceCount
  if (bits.length > 0) bits[bits.length - 1]! &= (0xff << spare) & 0xff
  return bits
}
