import { hash } from 'node:crypto'
import { P2pShareError } from '../errors.ts'

/** Lower-case hexadecimal. */
export type Hex = string

/** What a torrent is known by: the v1 info-hash (40 digits), the v2 one (64 digits), or both of a hybrid. */
export interface InfoHashes {
  readonly infoHash?: Hex
  readonly infoHashV2?: Hex
}

const base32Digits = 'abcdefghijklmnopqrstuvwxyz234567'

/** The info-hashes of an `info` dictionary, over its raw bytes: SHA-1 for v1 (BEP 3), SHA-256 for v2 (BEP 52). */
export function infoHashesOf(infoBytes: Uint8Array, format: 'v1' | 'v2' | 'hybrid'): InfoHashes {
  return {
    ...(format === 'v2' ? {} : { infoHash: hash('sha1', infoBytes) }),
    ...(format === 'v1' ? {} : { infoHashV2: hash('sha256', infoBytes) }),
  }
}

/** The info-hash that a torrent goes by here: the v1 one, or that of v2 where there is no other. */
export function mainInfoHash({ infoHash, infoHashV2 }: InfoHashes): Hex {
  const hash = infoHash ?? infoHashV2
  if (hash === undefined) throw new P2pShareError('ERR_INTERNAL', 'A torrent without an info-hash')
  return hash
}

/** Whether the raw bytes of an `info` dictionary have that info-hash: v1 by its 40 digits, v2 by its 64. */
export function matchesInfoHash(infoBytes: Uint8Array, infoHash: Hex): boolean {
  return hash(infoHash.length === 64 ? 'sha256' : 'sha1', infoBytes) === infoHash
}

/**
 * Reads an info-hash as people write it: v1 as 40 hexadecimal or 32 base32 digits, v2 as 64 hexadecimal digits or as a
 * multihash (`1220` and 64 digits). Case does not matter.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTIFIER`
 */
export function parseInfoHash(text: string): InfoHashes {
  if (/^[0-9a-f]{40}$/i.test(text)) return { infoHash: text.toLowerCase() }
  if (/^[a-z2-7]{32}$/i.test(text)) return { infoHash: hexOfBase32(text.toLowerCase()) }
  const [, infoHashV2] = /^(?:1220)?([0-9a-f]{64})$/i.exec(text) ?? []
  if (infoHashV2) return { infoHashV2: infoHashV2.toLowerCase() }
  throw new P2pShareError(
    'ERR_INVALID_IDENTIFIER',
    `"${text.slice(0, 100)}" is not an info-hash: it has 40 or 64 hexadecimal digits, or 32 base32 digits`,
  )
}

function hexOfBase32(digits: string): Hex {
  let bits = 0n
  for (const digit of digits) bits = bits * 32n + BigInt(base32Digits.indexOf(digit))
  return bits.toString(16).padStart(40, '0')
}
