import { randomBytes } from 'node:crypto'
import type { Hex } from '../../../../core/index.ts'
import type { OurHandshake } from '../connection/dialer.ts'
import { writeHandshake } from '../wire/handshake.ts'

/** What a torrent is called between peers: its hashes, 40 digits each, and our own peer id in it (BEP 20). */
export class WireIdentity {
  readonly peerId = Buffer.concat([Buffer.from('-PS0100-'), randomBytes(12)])
  /** v1, v2 cut to the same length, or both. */
  readonly hashes = new Set<Hex>()
  readonly #main: Hex
  readonly #isV2: boolean
  #hashV2: Hex | undefined

  /** @param infoHash 40 digits for v1, 64 for v2 */
  constructor(infoHash: Hex, infoHashV2: Hex | undefined) {
    this.#main = infoHash.slice(0, 40)
    this.#isV2 = infoHash.length === 64
    this.add(infoHash, infoHashV2)
  }

  /** Whether a hash has come to light that was not known. */
  add(infoHash: Hex | undefined, infoHashV2: Hex | undefined): boolean {
    const before = this.hashes.size
    for (const hash of [infoHash, infoHashV2]) if (hash) this.hashes.add(hash.slice(0, 40))
    return this.hashes.size > before
  }

  /** Who speaks v2 is answered by this hash from now on (BEP 52): the metainfo is known to have both. */
  upgradeTo(infoHashV2: Hex | undefined): void {
    this.#hashV2 = infoHashV2?.slice(0, 40)
  }

  /** Our handshake to whoever asks by one of the hashes. */
  answer(hash: Hex, speaksV2 = false): Buffer {
    return writeHandshake({
      infoHash: Buffer.from((speaksV2 ? this.#hashV2 : undefined) ?? hash, 'hex'),
      peerId: this.peerId,
      hasFast: true,
      hasExtensions: true,
      hasV2: this.hashes.size > 1 || this.#isV2,
    })
  }

  /** Our handshake on connections that we make, and the hash that the peer may answer by instead. */
  greeting(): OurHandshake {
    const other = [...this.hashes].find(hash => hash !== this.#main)
    const upgraded = other === undefined ? undefined : Buffer.from(other, 'hex')
    return { bytes: this.answer(this.#main), infoHash: Buffer.from(this.#main, 'hex'), upgraded }
  }
}
