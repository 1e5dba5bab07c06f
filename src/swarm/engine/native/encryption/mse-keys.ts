import { hash } from 'node:crypto'
import type { Hex } from '../../../../core/index.ts'
import { Rc4 } from './rc4.ts'

/** The first bytes of an RC4 stream tell something of its key. */
const droppedBytes = 1_024

/** What the initiator's second message begins with: how the receiver finds it behind the pad. 20 bytes. */
export function syncHash(secret: Uint8Array): Buffer {
  return sha1('req1', secret)
}

/** HASH('req2', SKEY): what a torrent is known by in handshakes, once {@link secretMask} is taken off. */
export function obfuscatedHash(infoHash: Uint8Array): Hex {
  return sha1('req2', infoHash).toString('hex')
}

/** Hides, or uncovers, the 20 bytes of an {@link obfuscatedHash} by XOR with HASH('req3', S). */
export function masked(obfuscated: Uint8Array, secret: Uint8Array): Buffer {
  const mask = sha1('req3', secret)
  return mask.map((byte, index) => byte ^ obfuscated[index]!) as Buffer
}

/** The stream of one direction: `keyA` from the initiator to the receiver, `keyB` back. */
export function streamCipher(direction: 'keyA' | 'keyB', secret: Uint8Array, infoHash: Uint8Array): Rc4 {
  const cipher = new Rc4(sha1(direction, secret, infoHash))
  cipher.skip(droppedBytes)
  return cipher
}

function sha1(label: string, ...parts: Uint8Array[]): Buffer {
  return hash('sha1', Buffer.concat([Buffer.from(label, 'latin1'), ...parts]), 'buffer')
}
