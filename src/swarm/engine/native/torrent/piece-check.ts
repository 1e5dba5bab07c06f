import { P2pShareError, type PieceExpectation, type SharedVerifier } from '../../../../core/index.ts'
import type { TorrentContent } from '../../../engine.ts'
import type { Suspects } from '../picker/suspects.ts'
import { PieceWriter } from '../storage/piece-writer.ts'
import { blockLength } from '../wire/message.ts'
import type { PieceDownload } from './piece-download.ts'

export interface PieceCheckInit {
  readonly content: Pick<TorrentContent, 'metainfo' | 'store' | 'onVerified'>
  readonly verifier: SharedVerifier
  readonly suspects: Suspects
  /** What a piece has to hash to; `undefined` while that is not known (BEP 52: its layer is missing). */
  readonly expectationOf: (piece: number) => PieceExpectation | undefined
  /** The piece is in the store. */
  readonly onHeld: (download: PieceDownload) => void
  /** The piece is not what it should be, or could not be looked at (`isCorrupt` false): it has to be fetched again. */
  readonly onFailed: (download: PieceDownload, isCorrupt: boolean) => void
  readonly onLiar: (address: string) => void
  /** The two parts of a hybrid torrent are of different content: whoever has one of them seems to lie to the other. */
  readonly onContradiction: (error: P2pShareError) => void
  readonly onStalled: (error: P2pShareError) => void
  readonly onFlowing: () => void
}

/**
 * A longer piece of several senders is fetched of one alone at once, so that it is found out by itself: hashing all its blocks
 * would hold up the loop.
 */
const maxSuspectedLength = 16 * 1024 * 1024

/** What becomes of a piece whose blocks are all here: it is hashed, written and held, or fetched again and its liars found. */
export class PieceCheck {
  readonly #init: PieceCheckInit
  readonly #writer: PieceWriter
  #isStopped = false

  constructor(init: PieceCheckInit) {
    this.#init = init
    this.#writer = new PieceWriter(init.content.store, {
      onStalled: init.onStalled,
      onFlowing: init.onFlowing,
    })
  }

  check(download: PieceDownload): void {
    const { verifier, expectationOf } = this.#init
    const expectation = expectationOf(download.piece)
    if (!expectation) {
      this.#init.onFailed(download, false)
      return
    }
    verifier.verify(download.buffer, download.length, expectation, isIntact => {
      if (this.#isStopped) return
      if (isIntact) this.#onIntact(download)
      else if (isIntact === undefined) this.#init.onFailed(download, false)
      else if (expectation.sha1 === undefined || expectation.node === undefined) this.#onCorrupt(download)
      else this.#tellApart(download, expectation)
    })
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#writer.stop()
  }

  #onIntact(download: PieceDownload): void {
    const { content, suspects, onHeld, onLiar } = this.#init
    const { piece, length, buffer } = download
    if (suspects.isSuspected(piece))
      for (const liar of suspects.verified(piece, blocksOf(download))) onLiar(liar)
    const bytes = buffer.bytes.subarray(0, length)
    this.#writer.write(piece * content.metainfo.pieceLength, bytes, () => onHeld(download))
    content.onVerified?.(piece, bytes)
  }

  /** A piece of a hybrid torrent does not meet both of its hashes. Where it meets one, it is the torrent that lies (BEP 52). */
  #tellApart(download: PieceDownload, expectation: PieceExpectation): void {
    const { buffer, length, piece } = download
    const { verifier } = this.#init
    const contradicts = (met: string, missed: string) =>
      this.#init.onContradiction(
        new P2pShareError(
          'ERR_INVALID_TORRENT',
          `The v1 and v2 parts of this torrent contradict each other: piece ${piece} has its ${met} hash and not its ${missed} hash`,
        ),
      )
    verifier.verify(buffer, length, { ...expectation, node: undefined }, meetsV1 => {
      if (this.#isStopped) return
      if (meetsV1) return contradicts('v1', 'v2')
      verifier.verify(buffer, length, { ...expectation, sha1: undefined }, meetsV2 => {
        if (this.#isStopped) return
        // The v2 hash leaves out what fills the piece up: that alone may be a lie.
        const isFilledRight = buffer.bytes.subarray(expectation.sizeBytes, length).every(byte => byte === 0)
        if (meetsV2 && isFilledRight) contradicts('v2', 'v1')
        else this.#onCorrupt(download)
      })
    })
  }

  #onCorrupt(download: PieceDownload): void {
    const { suspects, onFailed, onLiar } = this.#init
    const isBlamed = download.senders.size === 1 || download.length <= maxSuspectedLength
    const liars = isBlamed ? suspects.failed(download.piece, blocksOf(download)) : []
    onFailed(download, true)
    for (const liar of liars) onLiar(liar)
  }
}

/** Each block of a piece and the address of who sent it. */
function* blocksOf(download: PieceDownload): Generator<{ sender: string; bytes: Uint8Array }> {
  for (let block = 0; block < download.blocks; block++) {
    const sender = download.senders.get(download.ownerOf(block)) ?? ''
    const at = block * blockLength
    yield { sender, bytes: download.buffer.bytes.subarray(at, at + download.lengthOf(block)) }
  }
}
