/** Ids of messages: BEP 3, BEP 6 (13 to 17), BEP 10 (20), BEP 52 (21 to 23). */
export const messageId = {
  choke: 0,
  unchoke: 1,
  interested: 2,
  notInterested: 3,
  have: 4,
  bitfield: 5,
  request: 6,
  piece: 7,
  cancel: 8,
  port: 9,
  suggest: 13,
  haveAll: 14,
  haveNone: 15,
  reject: 16,
  allowedFast: 17,
  extended: 20,
  hashRequest: 21,
  hashes: 22,
  hashReject: 23,
} as const

/** Bytes that peers ask for at once; every client refuses much more. */
export const blockLength = 16_384
/** Length prefix, id, piece and offset, before the bytes of a block. */
export const blockHeaderLength = 13
/** Length prefix, id, piece, offset and length. */
export const requestLength = 17

/** A message without a body: choke, unchoke, interested, not interested, have all, have none. */
export function writeBare(id: number): Buffer {
  return Buffer.from([0, 0, 0, 1, id])
}

export function writeKeepAlive(): Buffer {
  return Buffer.alloc(4)
}

/** A message with a body of its own: bitfield, extended, hash requests. */
export function writeMessage(id: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 1
  for (const part of parts) length += part.length
  const bytes = Buffer.allocUnsafe(4 + length)
  bytes.writeUInt32BE(length, 0)
  bytes[4] = id
  let at = 5
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Messages that name one piece (have, suggest, allowed fast). */
export function writeIndex(id: number, piece: number): Buffer {
  const bytes = Buffer.allocUnsafe(9)
  bytes.writeUInt32BE(5, 0)
  bytes[4] = id
  bytes.writeUInt32BE(piece, 5)
  return bytes
}

/** Messages that name a block (request, cancel, reject), written to their place among others; returns where the next begins. */
export function writeBlockReference(
  into: Buffer,
  at: number,
  id: number,
  piece: number,
  begin: number,
  length: number,
): number {
  into.writeUInt32BE(13, at)
  into[at + 4] = id
  into.writeUInt32BE(piece, at + 5)
  into.writeUInt32BE(begin, at + 9)
  into.writeUInt32BE(length, at + 13)
  return at + requestLength
}

/** The header of a block, in front of its bytes. */
export function writeBlockHeader(
  into: Buffer,
  at: number,
  piece: number,
  begin: number,
  length: number,
): void {
  into.writeUInt32BE(9 + length, at)
  into[at + 4] = messageId.piece
  into.writeUInt32BE(piece, at + 5)
  into.writeUInt32BE(begin, at + 9)
}
