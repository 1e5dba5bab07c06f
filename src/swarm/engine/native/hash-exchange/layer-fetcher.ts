import { type Hex, type Metainfo, rootHex } from '../../../../core/index.ts'
import { type HashRange, readHashes, readHashRange, writeHashRequest } from './hash-message.ts'
import { LayerDownload } from './layer-download.ts'

interface Request {
  readonly download: LayerDownload
  readonly row: number
  readonly sentAtMs: number
}

interface Peer {
  readonly id: number
  /** By the first node asked for and its file. */
  readonly requests: Map<string, Request>
  /** Files that it did not give, and when it may be asked again. */
  readonly refused: Map<LayerDownload, number>
  /** When it may be asked for anything again. */
  againAtMs: number
}

const maxRequests = 64
const maxRequestsPerPeer = 8
const timeoutMs = 10_000
const refusedForMs = 30_000
/** A peer that refused so many files is left alone for a while, rather than every file being looked up in its list. */
const maxRefused = 64

export interface LayerFetcherInit {
  readonly metainfo: Metainfo
  /** Sends a whole message to a peer. */
  readonly send: (peer: number, message: Buffer) => void
  /** A layer is here, and hashes up to its root. */
  readonly onLayer: (root: Hex, layer: Uint8Array) => void
  /** The peer sent nodes that do not hash up to the root; it is not asked again. */
  readonly onLiar: (peer: number, reason: string) => void
  readonly now?: () => number
}

/**
 * Fetches the piece layers (BEP 52) that a metainfo lacks, as after a magnet link, from peers that speak v2. Each answer is proven
 * up to the pieces root before it is kept; one that is not was a lie. Call {@link tick} about once a second.
 */
export class LayerFetcher {
  readonly #init: LayerFetcherInit
  readonly #now: () => number
  readonly #peers = new Map<number, Peer>()
  readonly #missing = new Map<Hex, LayerDownload>()
  /** From the head on, those with a row to ask for, in that order, each once; before it there is only room. */
  #queue: LayerDownload[] = []
  #head = 0
  #inFlight = 0

  constructor(init: LayerFetcherInit) {
    this.#init = init
    this.#now = init.now ?? (() => performance.now())
    const { files, pieceLength, pieceLayers } = init.metainfo
    for (const { piecesRoot, sizeBytes } of files) {
      if (!piecesRoot || sizeBytes <= pieceLength) continue
      const root = rootHex(piecesRoot)
      if (pieceLayers.has(root) || this.#missing.has(root)) continue
      this.#missing.set(root, new LayerDownload(root, sizeBytes, pieceLength))
    }
    this.#queue = [...this.#missing.values()]
  }

  /** Whether nothing is lacking. */
  get isComplete(): boolean {
    return this.#missing.size === 0
  }

  /** Whether the layer of that root is still to be fetched. */
  lacks(root: Hex): boolean {
    return this.#missing.has(root)
  }

  /** Has these layers fetched before the others, the first of them first. */
  prefer(roots: Iterable<Hex>): void {
    const preferred = new Set<LayerDownload>()
    for (const root of roots) {
      const download = this.#missing.get(root)
      if (download) preferred.add(download)
    }
    for (const download of this.#missing.values()) preferred.add(download)
    this.#queue = [...preferred].filter(({ hasNext }) => hasNext)
    this.#head = 0
  }

  /** A layer came from elsewhere. */
  drop(root: Hex): void {
    this.#missing.delete(root)
  }

  /** A peer that understands hash requests. */
  addPeer(id: number): void {
    if (this.isComplete || this.#peers.has(id)) return
    const peer: Peer = { id, requests: new Map(), refused: new Map(), againAtMs: 0 }
    this.#peers.set(id, peer)
    this.#ask(peer)
  }

  removePeer(id: number): void {
    const peer = this.#peers.get(id)
    if (!peer) return
    this.#peers.delete(id)
    for (const request of peer.requests.values()) this.#giveUp(request)
    if (peer.requests.size > 0) this.#askAll()
  }

  /** Takes the body of a hashes message; false where it is none: a breach of the protocol. What nobody asked for is passed over. */
  onHashes(id: number, body: Uint8Array): boolean {
    const answer = readHashes(body)
    if (!answer) return false
    const peer = this.#peers.get(id)
    const request = peer && this.#take(peer, answer.range)
    if (!request) return true
    const { download, row } = request
    this.#inFlight--
    if (!download.accept(row, answer.nodes, answer.uncles)) {
      this.#putBack(download, row)
      this.removePeer(id)
      this.#init.onLiar(id, 'hashes that do not lead to the root of their file')
      return true
    }
    const layer = download.complete
    if (layer && this.#missing.delete(download.root)) this.#init.onLayer(download.root, layer)
    if (this.#peers.get(id) === peer) this.#ask(peer)
    return true
  }

  /** Takes the body of a hash reject; false where it is none. */
  onReject(id: number, body: Uint8Array): boolean {
    const range = readHashRange(body)
    if (!range) return false
    const peer = this.#peers.get(id)
    const request = peer && this.#take(peer, range)
    if (!request) return true
    this.#giveUp(request)
    this.#refuse(peer, request.download)
    this.#askAll()
    return true
  }

  /** Asks somebody else for what was not answered, and again those who refused some time ago. */
  tick(): void {
    if (this.isComplete) return
    const nowMs = this.#now()
    for (const peer of this.#peers.values()) {
      for (const [key, request] of peer.requests) {
        if (nowMs - request.sentAtMs < timeoutMs) continue
        peer.requests.delete(key)
        this.#giveUp(request)
        this.#refuse(peer, request.download)
      }
      for (const [download, untilMs] of peer.refused) if (untilMs <= nowMs) peer.refused.delete(download)
    }
    this.#askAll()
  }

  #askAll(): void {
    for (const peer of this.#peers.values()) {
      if (this.#inFlight >= maxRequests) return
      this.#ask(peer)
    }
  }

  #ask(peer: Peer): void {
    const nowMs = this.#now()
    if (peer.againAtMs > nowMs) return
    while (this.#inFlight < maxRequests && peer.requests.size < maxRequestsPerPeer) {
      const next = this.#next(peer)
      if (!next) return
      const { download, row } = next
      const range = download.rangeOf(row)
      peer.requests.set(keyOf(range), { download, row, sentAtMs: nowMs })
      this.#inFlight++
      this.#init.send(peer.id, writeHashRequest(range))
    }
  }

  /** A row to ask a peer for. What it looks at and passes over is only what the peer refused, or what was dropped. */
  #next(peer: Peer): Pick<Request, 'download' | 'row'> | undefined {
    for (let at = this.#head; at < this.#queue.length; at++) {
      const download = this.#queue[at]!
      const isMissing = this.#missing.has(download.root)
      if (isMissing && peer.refused.has(download)) continue
      const row = isMissing ? download.next() : undefined
      if (!isMissing || !download.hasNext) {
        this.#queue.copyWithin(this.#head + 1, this.#head, at)
        this.#head++
      }
      if (row !== undefined) return { download, row }
    }
    return undefined
  }

  /** The request that an answer belongs to, which is over with it. */
  #take(peer: Peer, range: HashRange): Request | undefined {
    const key = keyOf(range)
    const request = peer.requests.get(key)
    peer.requests.delete(key)
    return request
  }

  #giveUp({ download, row }: Request): void {
    this.#inFlight--
    this.#putBack(download, row)
  }

  #putBack(download: LayerDownload, row: number): void {
    const isQueued = download.hasNext
    download.putBack(row)
    if (isQueued) return
    if (this.#head > 0) this.#queue[--this.#head] = download
    else this.#queue.unshift(download)
  }

  #refuse(peer: Peer, download: LayerDownload): void {
    const untilMs = this.#now() + refusedForMs
    peer.refused.set(download, untilMs)
    if (peer.refused.size < maxRefused) return
    peer.refused.clear()
    peer.againAtMs = untilMs
  }
}

function keyOf({ root, baseLayer, index, length, proofLayers }: HashRange): string {
  return `${root}.${baseLayer}.${index}.${length}.${proofLayers}`
}
