import { hash } from 'node:crypto'
import type { Hex } from '../../core/index.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const idBytes = 16

/** What a listing is known by: 26 characters of base32, the same through all of its revisions. */
export type ListingId = string

/**
 * The id of the listing that a key made under a nonce: the first 16 bytes of SHA-256 over both, so that no other key can
 * make a listing, a later revision or a withdrawal of that id.
 *
 * @param publisher an Ed25519 public key, 64 hexadecimal digits
 * @param nonce 32 hexadecimal digits that the publisher chose
 */
export function listingId(publisher: Hex, nonce: Hex): ListingId {
  const digest = hash('sha256', Buffer.from(publisher + nonce, 'hex'), 'buffer')
  let id = ''
  let bits = 0
  let held = 0
  for (let index = 0; index < idBytes; index++) {
    held = (held << 8) | digest[index]!
    bits += 8
    for (; bits >= 5; bits -= 5) id += alphabet[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return id + alphabet[(held << (5 - bits)) & 31]
}

/** Whether a word has the form of a listing's id. */
export function looksLikeListingId(word: string): word is ListingId {
  return /^[a-z2-7]{26}$/.test(word)
}
