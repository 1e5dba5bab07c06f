import { Bitfield } from '../../src/core/index.ts'
import { PiecePicker } from '../../src/swarm/engine/native/picker/piece-picker.ts'
import { PieceBuffers } from '../../src/swarm/engine/native/storage/piece-buffers.ts'
import { Downloads } from '../../src/swarm/engine/native/torrent/downloads.ts'
import type { Peer } from '../../src/swarm/engine/native/torrent/peer.ts'
import type { PieceDownload } from '../../src/swarm/engine/native/torrent/piece-download.ts'
import { blockLength, messageId, writeBlockHeader } from '../../src/swarm/engine/native/wire/message.ts'
import { StubPeer, type StubPeerInit } from './stub-peer.ts'

export interface DownloadsLabInit {
  readonly pieceCount?: number
  /** Bytes of each piece but the last. */
  readonly pieceLength?: number
  readonly lastLength?: number
  readonly budgetBytes?: number
}

export interface LabPeerInit extends StubPeerInit {
  /** @default all */
  readonly pieces?: readonly number[]
  readonly chokesUs?: boolean
}

/** The downloads of the native engine with peers that say what a test has them say. Nothing is verified: it is told of what is whole. */
export class DownloadsLab {
  readonly picker: PiecePicker
  readonly buffers: PieceBuffers
  readonly downloads: Downloads
  readonly stubs = new Map<number, StubPeer>()
  readonly complete: PieceDownload[] = []
  readonly faults: string[] = []
  wastedBytes = 0
  roomAgain = 0
  readonly #pieceCount: number
  readonly #pieceLength: number
  readonly #lastLength: number

  constructor(init: DownloadsLabInit = {}) {
    const { pieceCount = 4, pieceLength = 4 * blockLength } = init
    this.#pieceCount = pieceCount
    this.#pieceLength = pieceLength
    this.#lastLength = init.lastLength ?? pieceLength
    this.buffers = new PieceBuffers(() => {}, init.budgetBytes)
    this.picker = new PiecePicker({ pieceCount, random: () => 0 })
    this.picker.setLevels(new Uint8Array(pieceCount).fill(4))
    this.downloads = new Downloads({
      picker: this.picker,
      buffers: this.buffers,
      pieceSize: piece => this.sizeOf(piece),
      peer: id => this.stubs.get(id)?.peer,
      isSequential: () => true,
      onComplete: download => this.complete.push(download),
      onWasted: bytes => {
        this.wastedBytes += bytes
      },
      onRoom: () => {
        this.roomAgain++
      },
    })
  }

  sizeOf(piece: number): number {
    return piece === this.#pieceCount - 1 ? this.#lastLength : this.#pieceLength
  }

  blocksOf(piece: number): number {
    return Math.ceil(this.sizeOf(piece) / blockLength)
  }

  /** A peer that has unchoked us; nothing was asked of it yet. */
  join(init: LabPeerInit = {}): StubPeer {
    const { pieces, chokesUs = false, id = this.stubs.size + 1, ...rest } = init
    const stub = new StubPeer({ id, ...rest })
    const { peer } = stub
    peer.has = new Bitfield(this.#pieceCount)
    for (const piece of pieces ?? []) peer.has.add(piece)
    peer.isSeed = pieces === undefined
    peer.chokesUs = chokesUs
    if (peer.isSeed) this.picker.addSeed()
    else this.picker.addPeer(peer.has)
    this.stubs.set(id, stub)
    peer.open(
      {
        blockStart: (piece, begin, length) => this.downloads.blockStart(peer, piece, begin, length),
        blockEnd: (piece, begin, length, isKept) => {
          const fault = this.downloads.blockEnd(peer, piece, begin, length, isKept)
          if (fault) this.faults.push(fault)
        },
        message: id => {
          if (id === messageId.have) this.leave(peer)
        },
      },
      () => {},
      fault => this.faults.push(fault),
    )
    return stub
  }

  /** A peer has a piece no more. */
  lose({ peer }: StubPeer, piece: number): void {
    if (peer.isSeed) {
      peer.isSeed = false
      peer.has = Bitfield.full(this.#pieceCount)
      this.picker.removeSeed()
      this.picker.addPeer(peer.has)
    }
    if (!peer.has!.has(piece)) return
    peer.has!.delete(piece)
    this.picker.lost(piece)
  }

  /** The connection of a peer ends, in whatever it is about to say next. */
  leave(peer: Peer): void {
    peer.destroy('left')
    this.stubs.delete(peer.id)
    if (peer.isSeed) this.picker.removeSeed()
    else this.picker.removePeer(peer.has!)
    this.downloads.release(peer, true)
  }

  /** Asks a peer for what it takes, and answers the blocks: [piece, number of the block]. */
  fill(stub: StubPeer): [number, number][] {
    this.downloads.fill(stub.peer)
    return asked(stub)
  }

  /** The message of one block, of bytes that tell who sent it. */
  blockOf(piece: number, block: number, fill: number): Buffer {
    const length = Math.min(blockLength, this.sizeOf(piece) - block * blockLength)
    const bytes = Buffer.alloc(13 + length, fill)
    writeBlockHeader(bytes, 0, piece, block * blockLength, length)
    return bytes
  }

  send(stub: StubPeer, piece: number, block: number): void {
    stub.receive(this.blockOf(piece, block, stub.peer.id))
  }
}

/** The blocks that a peer was asked for since it was looked at last. */
function asked(stub: StubPeer): [number, number][] {
  return blocksIn(stub, messageId.request)
}

function blocksIn(stub: StubPeer, id: number): [number, number][] {
  return stub
    .said()
    .filter(message => message.id === id)
    .map(({ numbers: [piece, begin] }) => [piece!, begin! / blockLength])
}
