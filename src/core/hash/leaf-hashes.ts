import { hash } from 'node:crypto'
import { leafLength, nodeLength } from '../torrent/merkle.ts'

/**
 * Writes the SHA-256 of each leaf (BEP 52: 16 KiB, the last one as long as it is) of `content` to `leaves`, from node
 * `firstLeaf` on. Answers how many there are.
 */
export function hashLeaves(content: Uint8Array, leaves: Buffer, firstLeaf = 0): number {
  let leaf = firstLeaf
  for (let at = 0; at < content.length; at += leafLength) {
    // A `binary` string on the way costs less than the Buffer that would be allocated for each digest.
    const digest = hash('sha256', content.subarray(at, at + leafLength), 'binary')
    leaves.write(digest, leaf++ * nodeLength, 'latin1')
  }
  return leaf - firstLeaf
}
