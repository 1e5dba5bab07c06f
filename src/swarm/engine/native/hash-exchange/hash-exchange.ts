import {
  type Hex,
  type Metainfo,
  type PieceExpectations,
  pieceRange,
  rootHex,
  type TorrentFile,
} from '../../../../core/index.ts'
import { messageId } from '../wire/message.ts'
import { HashAnswers } from './hash-answers.ts'
import { LayerFetcher } from './layer-fetcher.ts'

export interface HashExchangeInit {
  readonly metainfo: Metainfo
  /** Is told of every layer that comes. */
  readonly expectations: PieceExpectations
  /** Sends a whole message to a peer, which owns its bytes. */
  readonly send: (peer: number, message: Buffer) => void
  /** Bytes that were written to a peer and have not left yet: one that takes nothing in is given nothing more. */
  readonly pendingBytes: (peer: number) => number
  /** A layer that was lacking is here. What its pieces hash to is known from now on. */
  readonly onLayer: (
    root: Hex,
    layer: Uint8Array,
    pieces: readonly (readonly [from: number, to: number])[],
  ) => void
  /** A peer lied. */
  readonly onLiar: (peer: number, reason: string) => void
  readonly now?: () => number
}

/**
 * The exchange of piece layers (BEP 52) with the peers of a torrent: those that are here are given, those that the metainfo lacks
 * are fetched. Needs the v2 part of a torrent. Pieces of a v2-only torrent cannot be verified, and are not to be asked for, before
 * their layer is here: see {@link isKnown}.
 */
export class HashExchange {
  readonly #init: HashExchangeInit
  readonly #answers: HashAnswers
  readonly #fetcher: LayerFetcher
  /** Files of which the layer is lacking, by their root: several files may be the same. */
  readonly #files = new Map<Hex, TorrentFile[]>()

  constructor(init: HashExchangeInit) {
    const { metainfo, send, onLiar } = init
    this.#init = init
    this.#answers = new HashAnswers({ metainfo, pendingBytes: init.pendingBytes, now: init.now })
    this.#fetcher = new LayerFetcher({
      metainfo,
      send,
      onLiar,
      onLayer: (root, layer) => this.#onLayer(root, layer),
      ...(init.now ? { now: init.now } : {}),
    })
    for (const file of metainfo.files) {
      const root = rootOf(file)
      if (root === undefined || !this.#fetcher.lacks(root)) continue
      const same = this.#files.get(root)
      if (same) same.push(file)
      else this.#files.set(root, [file])
    }
  }

  /** Whether no layer is lacking. */
  get isComplete(): boolean {
    return this.#fetcher.isComplete
  }

  /** Whether it is known what a piece has to hash to. */
  isKnown(piece: number): boolean {
    return this.isComplete || this.#init.expectations.of(piece) !== undefined
  }

  /** Calls back for each stretch of pieces whose layer is lacking, of which a v2-only torrent can verify none. */
  eachLacking(callback: (from: number, to: number) => void): void {
    for (const files of this.#files.values()) {
      for (const file of files) callback(...pieceRange(file, this.#init.metainfo.pieceLength))
    }
  }

  /** Fetches the layers of these pieces' files before the others: those that are wanted, or wanted soon. */
  prefer(isPreferred: (from: number, to: number) => boolean): void {
    const { pieceLength } = this.#init.metainfo
    const roots: Hex[] = []
    for (const [root, files] of this.#files)
      if (files.some(file => isPreferred(...pieceRange(file, pieceLength)))) roots.push(root)
    this.#fetcher.prefer(roots)
  }

  /** A peer that speaks v2. To be called once it has said which pieces it has. */
  addPeer(id: number): void {
    this.#fetcher.addPeer(id)
  }

  removePeer(id: number): void {
    this.#fetcher.removePeer(id)
    this.#answers.removePeer(id)
  }

  /** Takes a hash request, hashes or hash reject; answers why the connection is no good. */
  onMessage(peer: number, id: number, body: Uint8Array): string | undefined {
    switch (id) {
      case messageId.hashRequest:
        return this.#answers.answer(peer, body, message => this.#init.send(peer, message))
          ? undefined
          : 'a malformed hash request'
      case messageId.hashes:
        return this.#fetcher.onHashes(peer, body) ? undefined : 'malformed hashes'
      default:
        return this.#fetcher.onReject(peer, body) ? undefined : 'a malformed hash reject'
    }
  }

  /** To be called about once a second, for what was not answered. */
  tick(): void {
    this.#fetcher.tick()
  }

  stop(): void {
    this.#answers.stop()
  }

  #onLayer(root: Hex, layer: Uint8Array): void {
    const { expectations, metainfo, onLayer } = this.#init
    expectations.addLayer(root, layer)
    this.#answers.addLayer(root, layer)
    const files = this.#files.get(root) ?? []
    this.#files.delete(root)
    onLayer(
      root,
      layer,
      files.map(file => pieceRange(file, metainfo.pieceLength)),
    )
  }
}

function rootOf({ piecesRoot }: TorrentFile): Hex | undefined {
  return piecesRoot && rootHex(piecesRoot)
}
