import type { NodeCallback, PieceStore } from 'webtorrent'
import { P2pShareError } from '../../../core/index.ts'
import type { ChunkStore } from '../../store/chunk-store.ts'

/** What pieces lately read may take, over one torrent. A piece larger than this is kept alone. */
const cacheBytes = 32 * 1024 * 1024
const retryMs = 2_000

export interface PieceStoreHooks {
  /** In how many milliseconds that many bytes may be handed out. */
  delayMs(bytes: number): number
  /** A piece could not be written; it is kept here and tried again. */
  onStalled(error: P2pShareError): void
  /** Every piece that waited has been written. */
  onFlowing(): void
}

/**
 * Our chunk store in the shape that webtorrent asks for. Peers ask for blocks of 16 KiB: the whole piece is read once and
 * blocks are views of it. A piece that cannot be written never fails the torrent, as webtorrent would have it.
 */
export class WebTorrentStore implements PieceStore {
  readonly chunkLength: number
  readonly #store: ChunkStore
  readonly #contentLength: number
  readonly #hooks: PieceStoreHooks
  readonly #pieces = new Map<number, Promise<Uint8Array>>()
  readonly #waiting = new Set<NodeJS.Timeout>()
  #closed = false

  constructor(store: ChunkStore, chunkLength: number, contentLength: number, hooks: PieceStoreHooks) {
    this.chunkLength = chunkLength
    this.#store = store
    this.#contentLength = contentLength
    this.#hooks = hooks
  }

  put(index: number, bytes: Uint8Array, done: NodeCallback): void {
    this.#store.write(index * this.chunkLength, bytes).then(
      () => done(null),
      (error: P2pShareError) => this.#retryLater(index, bytes, done, error),
    )
  }

  get(
    index: number,
    options: { offset?: number; length?: number } | null,
    done: NodeCallback<Uint8Array>,
  ): void {
    const offset = options?.offset ?? 0
    this.#piece(index).then(
      piece => {
        const end = offset + (options?.length ?? piece.length - offset)
        if (end > piece.length) {
          done(new P2pShareError('ERR_INVALID_ARGUMENT', `Piece ${index} ends before ${end}`))
          return
        }
        const delayMs = this.#hooks.delayMs(end - offset)
        if (delayMs === 0) done(null, piece.subarray(offset, end))
        else setTimeout(() => done(null, piece.subarray(offset, end)), delayMs).unref()
      },
      (error: P2pShareError) => done(error),
    )
  }

  close(done: NodeCallback): void {
    this.#closed = true
    for (const timer of this.#waiting) clearTimeout(timer)
    this.#waiting.clear()
    this.#pieces.clear()
    done(null)
  }

  destroy(done: NodeCallback): void {
    this.close(done)
  }

  #piece(index: number): Promise<Uint8Array> {
    const known = this.#pieces.get(index)
    if (known) {
      this.#pieces.delete(index)
      this.#pieces.set(index, known)
      return known
    }
    const offset = index * this.chunkLength
    // Not pooled: a view of it may still be on its way to a slow peer when the piece leaves the cache.
    const piece = Buffer.allocUnsafeSlow(Math.min(this.chunkLength, this.#contentLength - offset))
    const reading = this.#store.read(offset, piece).then(() => piece)
    this.#pieces.set(index, reading)
    reading.catch(() => this.#pieces.delete(index))
    const room = Math.max(1, Math.floor(cacheBytes / this.chunkLength))
    if (this.#pieces.size > room) this.#pieces.delete(this.#pieces.keys().next().value!)
    return reading
  }

  #retryLater(index: number, bytes: Uint8Array, done: NodeCallback, error: P2pShareError): void {
    if (this.#closed) {
      done(error)
      return
    }
    this.#hooks.onStalled(error)
    const timer = setTimeout(() => {
      this.#store.write(index * this.chunkLength, bytes).then(
        () => {
          this.#waiting.delete(timer)
          done(null)
          if (this.#waiting.size === 0) this.#hooks.onFlowing()
        },
        (again: P2pShareError) => {
          this.#waiting.delete(timer)
          this.#retryLater(index, bytes, done, again)
        },
      )
    }, retryMs)
    timer.unref()
    this.#waiting.add(timer)
  }
}
