import { createHash } from 'node:crypto'
import { BencodeDict, decodeBencode, encodeBencode, type Hex, P2pShareError } from '../../core/index.ts'
import { maxPosterBytes } from '../listing/fields.ts'
import { maxSegmentBytes } from './manifest.ts'

const webp = /^RIFF....WEBP/s

/** Whether bytes can be a poster: WebP of at most 32 KiB. */
export function isPoster(bytes: Uint8Array): boolean {
  return bytes.length <= maxPosterBytes && webp.test(Buffer.from(bytes.subarray(0, 12)).toString('latin1'))
}

export function posterHash(bytes: Uint8Array): Hex {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Posters in one file: a bencoded dictionary of pictures by their SHA-256 in hexadecimal. */
export function writePosterPack(posters: ReadonlyMap<Hex, Uint8Array>): Uint8Array {
  return encodeBencode(posters)
}

/**
 * Reads a pack. A picture that is none, or that is not what its name says, is left out.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`, `ERR_INVALID_BENCODE` where it is no pack
 */
export function readPosterPack(bytes: Uint8Array): Map<Hex, Uint8Array> {
  if (bytes.length > maxSegmentBytes)
    throw new P2pShareError('ERR_INVALID_CATALOG', `A pack of posters takes at most ${maxSegmentBytes} bytes`)
  const pack = decodeBencode(bytes)
  if (!(pack instanceof BencodeDict))
    throw new P2pShareError('ERR_INVALID_CATALOG', 'This is no pack of posters')
  const posters = new Map<Hex, Uint8Array>()
  for (const [key, picture] of pack.entries()) {
    const hash = Buffer.from(key).toString('latin1')
    if (picture instanceof Uint8Array && isPoster(picture) && posterHash(picture) === hash)
      posters.set(hash, picture)
  }
  return posters
}
