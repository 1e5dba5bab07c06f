import { randomBytes } from 'node:crypto'
import type { Hex } from '../../../../core/index.ts'
import type { OurHandshake } from '../connection/dialer.ts'
import { writeHandshake } from '../wire/handshake.ts'

/** What a torrent is called between peers: its hashes, 40 digits each, and our own peer id in it (BEP 20). */
export class WireIdentity {
  /** v1, v2 cut to the same length, or both. */
  hashes: readonly Hex[] = []
  readonly #main: Hex
  readonly #isV2: boolean
  #hashV2: Hex | undefined
  #peerId: Buffer | undefined

  /** @param infoHash 40 digits for v1, 64 for v2 */
  constructor(infoHash: Hex, infoHashV2: Hex | undefined) {
    this.#main = infoHash.slice(0, 40)
    this.#isV2 = infoHash.length === 64
    this.add(infoHash, infoHashV2)
  }

  get peerId(): Buffer {
    this.#peerId ??= Buffer.concat([Buffer.from('-PS0100-'), randomBytes(12)])
    return this.#peerId
  }

  /** Whether a hash has come to light that was not known. */
  add(infoHash: Hex | undefined, infoHashV2: Hex | undefined): boolean {
    const before = this.hashes.length
    for (const hash of [infoHash?.slice(0, 40), infoHashV2?.slice(0, 40)])
      if (hash && !this.hashes.includes(hash)) this.hashes = [...this.hashes, hash]
    return this.hashes.length > before
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
      hasV2: this.hashes.length > 1 || this.#isV2,
    })
  }

  /** Our handshake on connections that we make, and the hash that the peer may answer by instead. */
  greeting(): OurHandshake {
    const other = this.hashes.find(hash => hash !== this.#main)
    const upgraded = other === undefined ? undefined : Buffer.from(other, 'hex')
    return { bytes: this.answer(this.#main), infoHash: Buffer.from(this.#main, 'hex'), upgraded }
  }
}
