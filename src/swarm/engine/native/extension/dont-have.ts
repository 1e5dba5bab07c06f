/** The payload of a `lt_donthave` message (BEP 54): a piece that is had no more. */
export function writeDontHave(piece: number): Buffer {
  const payload = Buffer.allocUnsafe(4)
  payload.writeUInt32BE(piece)
  return payload
}

/** The piece that a peer has no more, unchecked against the torrent; `undefined` where the payload is not one number. */
export function readDontHave(payload: Uint8Array): number | undefined {
  if (payload.length !== 4) return undefined
  return ((payload[0]! << 24) | (payload[1]! << 16) | (payload[2]! << 8) | payload[3]!) >>> 0
}
