import type { Hex, Metainfo, PieceExpectations } from '../../../../core/index.ts'
import { HashExchange } from '../hash-exchange/hash-exchange.ts'
import type { Peer } from './peer.ts'

export interface LayersInit {
  readonly metainfo: Metainfo
  readonly expectations: PieceExpectations
  readonly peers: ReadonlyMap<number, Peer>
  readonly onLayer: (root: Hex, layer: Uint8Array) => void
  /** More pieces can be verified than before. Called once for all layers of one turn. */
  readonly onKnown: () => void
  readonly onLiar: (peer: Peer, reason: string) => void
}

/** The piece layers of a torrent with a v2 part (BEP 52): given to peers, and fetched where the metainfo lacks them. */
export class Layers {
  readonly #init: LayersInit
  readonly #exchange: HashExchange
  #timer: NodeJS.Immediate | undefined

  constructor(init: LayersInit) {
    const { metainfo, expectations, peers, onLayer, onLiar } = init
    this.#init = init
    this.#exchange = new HashExchange({
      metainfo,
      expectations,
      send: (id, message) => peers.get(id)?.write(message),
      pendingBytes: id => peers.get(id)?.socket.socket.writableLength ?? 0,
      onLayer: (root, layer) => {
        onLayer(root, layer)
        this.#timer ??= setImmediate(() => {
          this.#timer = undefined
          init.onKnown()
        })
      },
      onLiar: (id, reason) => {
        const peer = peers.get(id)
        if (peer) onLiar(peer, reason)
      },
    })
  }

  /** Whether pieces wait for layers: of a torrent with a v1 part none does. */
  get isLacking(): boolean {
    return this.#init.metainfo.format === 'v2' && !this.#exchange.isComplete
  }

  /** Takes the level of pieces that cannot be verified yet; answers how many of them are wanted. */
  withhold(levels: Uint8Array): number {
    if (!this.isLacking) return 0
    let withheld = 0
    this.#exchange.prefer((from, to) => levels.subarray(from, to).some(level => level > 0))
    this.#exchange.eachLacking((from, to) => {
      for (let piece = from; piece < to; piece++) {
        if (levels[piece]! > 0) withheld++
        levels[piece] = 0
      }
    })
    return withheld
  }

  /** A peer said which pieces it has. */
  addPeer(peer: Peer): void {
    const { infoHashV2 = '' } = this.#init.metainfo
    // Whoever speaks by the v1 hash would hang up on a hash request.
    const speaksV2 = infoHashV2.startsWith(Buffer.from(peer.infoHash).toString('hex'))
    if (speaksV2) this.#exchange.addPeer(peer.id)
  }

  removePeer(peer: Peer): void {
    this.#exchange.removePeer(peer.id)
  }

  take(peer: Peer, id: number, body: Buffer): string | undefined {
    return this.#exchange.onMessage(peer.id, id, body)
  }

  /** Called every second. */
  tick(): void {
    this.#exchange.tick()
  }

  stop(): void {
    if (this.#timer) clearImmediate(this.#timer)
    this.#exchange.stop()
  }
}
