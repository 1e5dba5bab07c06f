/** The first 68 bytes of a connection (BEP 3). */
export interface Handshake {
  /** 20 bytes: the v1 info-hash, or the first 20 of the v2 one. */
  readonly infoHash: Uint8Array
  readonly peerId: Uint8Array
  /** BEP 6. */
  readonly hasFast: boolean
  /** BEP 10. */
  readonly hasExtensions: boolean
  /** BEP 52: the peer speaks v2, so that a hybrid torrent's swarm may be upgraded. */
  readonly hasV2: boolean
}

export const handshakeLength = 68

const protocol = Buffer.from('\x13BitTorrent protocol', 'latin1')
const reservedAt = protocol.length
const infoHashAt = reservedAt + 8
const peerIdAt = infoHashAt + 20

export function writeHandshake(handshake: Handshake): Buffer {
  const bytes = Buffer.alloc(handshakeLength)
  protocol.copy(bytes)
  if (handshake.hasExtensions) bytes[reservedAt + 5]! |= 0x10
  if (handshake.hasV2) bytes[reservedAt + 7]! |= 0x10
  if (handshake.hasFast) bytes[reservedAt + 7]! |= 0x04
  bytes.set(handshake.infoHash, infoHashAt)
  bytes.set(handshake.peerId, peerIdAt)
  return bytes
}

/** Reads the first {@link handshakeLength} bytes; `undefined` where they are no handshake. What it returns are copies. */
export function readHandshake(bytes: Uint8Array): Handshake | undefined {
  if (bytes.length < handshakeLength) return undefined
  for (let at = 0; at < protocol.length; at++) if (bytes[at] !== protocol[at]) return undefined
  return {
    infoHash: new Uint8Array(bytes.subarray(infoHashAt, peerIdAt)),
    peerId: new Uint8Array(bytes.subarray(peerIdAt, handshakeLength)),
    hasFast: (bytes[reservedAt + 7]! & 0x04) !== 0,
    hasExtensions: (bytes[reservedAt + 5]! & 0x10) !== 0,
    hasV2: (bytes[reservedAt + 7]! & 0x10) !== 0,
  }
}
