import {
  type Bitfield,
  type Hex,
  type P2pShareError,
  PieceExpectations,
  realPieceSize,
} from '../../../../core/index.ts'
import type { TorrentContent } from '../../../engine.ts'
import { PiecePicker } from '../picker/piece-picker.ts'
import { Suspects } from '../picker/suspects.ts'
import { BlockReader } from '../storage/block-reader.ts'
import { messageId, writeIndex } from '../wire/message.ts'
import { Downloads } from './downloads.ts'
import type { EngineShared } from './engine-shared.ts'
import { Layers } from './layers.ts'
import type { Peer } from './peer.ts'
import { PeerPieces } from './peer-pieces.ts'
import { PieceCheck } from './piece-check.ts'
import type { PieceDownload } from './piece-download.ts'
import { queueMs } from './slow-owner.ts'
import type { Traffic } from './traffic.ts'
import { Uploads } from './uploads.ts'

/** What is urgent does not wait longer than this behind what was asked for before. */
const waitBehindMs = 250
/** How long news of a piece waits for others to go along: the more peers, the more of the work it would be by itself. */
const spreadMs = 20
const spreadMsAPeer = 4
const longestSpreadMs = 250

export interface PieceExchangeInit {
  readonly shared: EngineShared
  readonly content: TorrentContent
  readonly peers: ReadonlyMap<number, Peer>
  readonly onPiece: (piece: number) => void
  readonly onComplete: () => void
  readonly onCorrupt: (piece: number) => void
  readonly onLiar: (address: string) => void
  readonly onContradiction: (error: P2pShareError) => void
  readonly onStalled: (error: P2pShareError) => void
  readonly onFlowing: () => void
  readonly traffic: Traffic
  readonly onLayer: (root: Hex, layer: Uint8Array) => void
  readonly onFalseHashes: (peer: Peer, reason: string) => void
}

/** The exchange of a torrent's pieces once its metainfo is known: what is wanted, asked for, checked, held and served. */
export class PieceExchange {
  readonly content: TorrentContent
  readonly picker: PiecePicker
  /** What the peers have. */
  readonly pieces: PeerPieces
  readonly downloads: Downloads
  readonly uploads: Uploads
  readonly expectations: PieceExpectations
  readonly reader: BlockReader
  /** `undefined` for a torrent that is v1 only. */
  readonly layers: Layers | undefined
  readonly #init: PieceExchangeInit
  readonly #check: PieceCheck
  readonly #news: number[] = []
  #wanted: Bitfield
  #levels: Uint8Array | undefined
  /** Wanted pieces that cannot be verified yet. */
  #withheld = 0
  #newsTimer: NodeJS.Timeout | undefined
  #isClosed = false
  #isEmptying = false

  constructor(init: PieceExchangeInit) {
    const { content, shared } = init
    const { metainfo, store, have } = content
    this.#init = init
    this.content = content
    this.#wanted = content.wanted
    this.expectations = new PieceExpectations(metainfo)
    this.picker = new PiecePicker({ pieceCount: metainfo.pieceCount })
    this.pieces = new PeerPieces({
      pieceCount: metainfo.pieceCount,
      picker: this.picker,
      onAll: peer => this.layers?.addPeer(peer),
      onOne: (peer, piece) => this.#onNews(peer, piece),
    })
    this.reader = new BlockReader(metainfo, store, have, shared.frames)
    this.#check = new PieceCheck({
      content,
      verifier: shared.verifier,
      suspects: new Suspects(),
      expectationOf: piece => this.expectations.of(piece),
      onHeld: download => this.#onHeld(download),
      onFailed: (download, isCorrupt) => this.#onFailed(download, isCorrupt),
      onLiar: init.onLiar,
      onContradiction: init.onContradiction,
      onStalled: error => {
        this.downloads.hold()
        init.onStalled(error)
      },
      onFlowing: () => {
        this.downloads.go()
        init.onFlowing()
        this.fillAll()
      },
    })
    this.downloads = new Downloads({
      picker: this.picker,
      buffers: shared.buffers,
      pieceSize: piece => realPieceSize(metainfo, piece),
      peer: id => init.peers.get(id),
      isSequential: () => this.pieces.leeches === 0,
      onComplete: download => this.#check.check(download),
      onWasted: bytes => init.traffic.onWasted(bytes),
      onRoom: () => this.fillAll(),
    })
    this.uploads = new Uploads({
      metainfo,
      have,
      reader: this.reader,
      copies: shared.copies,
      buckets: init.traffic.uploadBuckets,
      waitForTurn: peer => init.traffic.waitForTurn(peer, this.uploads),
      onUploaded: bytes => init.traffic.uploaded.add(bytes),
      onUnreadable: piece => this.#onUnreadable(piece),
    })
    if (metainfo.format !== 'v1') {
      this.layers = new Layers({
        metainfo,
        expectations: this.expectations,
        peers: init.peers,
        onLayer: init.onLayer,
        onKnown: () => this.want(this.#wanted, this.#levels),
        onLiar: init.onFalseHashes,
      })
    }
    this.want(content.wanted, content.levels)
  }

  /** Whether every wanted piece is held. */
  get isComplete(): boolean {
    return this.picker.remaining + this.#withheld === 0
  }

  /** Bytes that are wanted and not here. */
  get leftBytes(): number {
    return Math.min(
      (this.picker.remaining + this.#withheld) * this.content.metainfo.pieceLength,
      this.content.metainfo.contentLength,
    )
  }

  /** Replaces what is wanted; says so where all of it is held already. */
  want(wanted: Bitfield, levels?: Uint8Array): void {
    const { have } = this.content
    this.#wanted = wanted
    this.#levels = levels
    const effective = new Uint8Array(wanted.length)
    for (let piece = 0; piece < wanted.length; piece++) {
      if (wanted.has(piece) && !have.has(piece)) effective[piece] = levels?.[piece] ?? 4
    }
    this.#withheld = this.layers?.withhold(effective) ?? 0
    this.picker.setLevels(effective)
    this.downloads.drop(piece => wanted.has(piece))
    let topLevel = 0
    for (const level of effective) topLevel = Math.max(topLevel, level)
    this.#makeWay(piece => this.picker.levelOf(piece) >= topLevel)
    for (const peer of this.#init.peers.values()) this.pieces.updateInterest(peer)
    this.fillAll()
    if (this.isComplete) queueMicrotask(() => this.#sayComplete())
  }

  hurry(reader: symbol, pieces: readonly number[]): void {
    this.picker.hurry(reader, pieces)
    if (!this.picker.hasHurried) return
    this.#makeWay(piece => this.picker.isHurried(piece))
    this.fillAll()
  }

  /** Calls back when fetching may go on that had nothing to fetch: for sources that are no peers. */
  onMore: () => void = () => {}

  /** Tells a new peer what is here, and takes what it said before the metainfo was known. */
  addPeer(peer: Peer): void {
    const { have } = this.content
    this.pieces.add(peer)
    if (peer.hasFast && have.isFull) peer.sendBare(messageId.haveAll)
    else if (peer.hasFast && have.count === 0) peer.sendBare(messageId.haveNone)
    else if (have.count > 0) peer.sendBitfield(have.bytes)
  }

  removePeer(peer: Peer): void {
    this.downloads.release(peer, true)
    peer.uploads.clear()
    this.layers?.removePeer(peer)
    this.pieces.remove(peer)
    this.fillAll()
  }

  /** While `remove` runs all peers are removed; the memory of what they were asked for is left to others. */
  removeAll(remove: () => void): void {
    this.#isEmptying = true
    this.pieces.removeAll(remove)
    this.#isEmptying = false
    this.downloads.drop(() => false)
  }

  fillAll(): void {
    if (this.#isClosed || this.#isEmptying) return
    for (const peer of this.#init.peers.values()) this.downloads.fill(peer)
    this.onMore()
  }

  /** Asks a peer for more; where it has nothing that is wanted any more, tells it so. */
  fill(peer: Peer): void {
    this.downloads.fill(peer)
    if (peer.outstanding === 0 && peer.isInteresting) this.pieces.updateInterest(peer)
  }

  /** Called every second. */
  tick(): void {
    this.layers?.tick()
    this.downloads.tick(this.#init.peers.size)
  }

  /** Lets go of all memory, and waits for what is being written. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#newsTimer)
    this.layers?.stop()
    this.reader.clear()
    await this.#check.stop()
    this.downloads.close()
  }

  #onNews(peer: Peer, piece: number): void {
    if (!this.#wanted.has(piece) || this.content.have.has(piece)) return
    if (!peer.isInteresting) this.pieces.updateInterest(peer)
    this.downloads.offer(peer, piece)
    peer.hasNews = true
  }

  #makeWay(isUrgent: (piece: number) => boolean): void {
    for (const peer of this.#init.peers.values())
      if (queueMs(peer) > waitBehindMs) this.downloads.makeWay(peer, isUrgent)
  }

  #onHeld(download: PieceDownload): void {
    const { piece } = download
    const { have } = this.content
    if (this.#isClosed) return
    for (const id of download.senders.keys()) this.#init.peers.get(id)?.pipeline.onIntact()
    this.downloads.finish(download)
    if (!have.has(piece)) {
      have.add(piece)
      this.picker.done(piece)
      this.#spread(piece)
      this.#init.onPiece(piece)
    }
    if (this.isComplete) this.#sayComplete()
  }

  #sayComplete(): void {
    if (this.#isClosed || !this.isComplete) return
    for (const peer of this.#init.peers.values()) if (peer.isInteresting) this.pieces.updateInterest(peer)
    this.#init.onComplete()
  }

  #onFailed(download: PieceDownload, isCorrupt: boolean): void {
    if (this.#isClosed) return
    this.downloads.retry(download, isCorrupt && download.senders.size > 1)
    // Nobody may want it any more.
    this.downloads.drop(piece => piece !== download.piece || this.picker.levelOf(piece) > 0)
    if (isCorrupt) {
      this.#init.traffic.onWasted(download.length)
      this.#init.onCorrupt(download.piece)
    }
    this.fillAll()
  }

  /** The file behind a piece is gone or changed: it is not offered any more; the store has told whoever has to know. */
  #onUnreadable(piece: number): void {
    if (!this.content.have.has(piece)) return
    for (const peer of this.#init.peers.values()) peer.sendDontHave(piece)
  }

  /** Tells the peers of pieces that are held now, several in one write: among many peers it would be most of what is written. */
  #spread(piece: number): void {
    this.#news.push(piece)
    this.#newsTimer ??= setTimeout(
      () => {
        this.#newsTimer = undefined
        const news = this.#news.splice(0)
        const bytes = Buffer.concat(news.map(index => writeIndex(messageId.have, index)))
        // Those who have the piece too: it is how a seed sees that its leech has become one.
        for (const peer of this.#init.peers.values()) peer.write(Buffer.from(bytes))
      },
      Math.min(spreadMs + spreadMsAPeer * this.#init.peers.size, longestSpreadMs),
    )
    this.#newsTimer.unref()
  }
}
