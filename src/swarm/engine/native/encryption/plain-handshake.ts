const greeting = Buffer.from('\x13BitTorrent protocol', 'latin1')

/**
 * Whether a connection begins with a plain BitTorrent handshake (BEP 3), else it can only be MSE; `undefined` while the bytes are too
 * few to tell. A public key of MSE begins so once in 2^160.
 */
export function looksLikePlainHandshake(first: Uint8Array): boolean | undefined {
  const length = Math.min(first.length, greeting.length)
  for (let at = 0; at < length; at++) if (first[at] !== greeting[at]) return false
  return length < greeting.length ? undefined : true
}
