import { type Hex, type Metainfo, rootHex, withPieceLayers } from '../core/index.ts'

const firstDelayMs = 2_000
const longestDelayMs = 60_000

export interface LayerSaverInit {
  readonly metainfo: Metainfo
  /** Keeps the torrent, now with more of its layers. A failure only costs fetching them again. */
  readonly save: (metainfo: Metainfo) => Promise<void>
}

/**
 * Keeps the piece layers (BEP 52) that come while a torrent is shared whose metainfo lacked them, so that the next run has them and
 * the torrent can be handed on whole. Written once all are here, and less and less often before, for there may be very many.
 */
export class LayerSaver {
  readonly #save: LayerSaverInit['save']
  #metainfo: Metainfo
  #layers = new Map<Hex, Uint8Array>()
  #missing: Set<Hex>
  #delayMs = firstDelayMs
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()

  constructor({ metainfo, save }: LayerSaverInit) {
    this.#metainfo = metainfo
    this.#save = save
    this.#missing = lackingLayers(metainfo)
  }

  /** The torrent with the layers that were kept so far. */
  get metainfo(): Metainfo {
    return this.#metainfo
  }

  /** Takes a layer that was checked against its root. One that is not lacking is passed over. */
  add(root: Hex, layer: Uint8Array): void {
    if (!this.#missing.delete(root)) return
    this.#layers.set(root, layer)
    if (this.#missing.size === 0) {
      this.#write()
    } else if (this.#timer === undefined) {
      this.#timer = setTimeout(() => this.#write(), this.#delayMs).unref()
      this.#delayMs = Math.min(this.#delayMs * 2, longestDelayMs)
    }
  }

  /** Keeps what is here. */
  async stop(): Promise<void> {
    this.#write()
    await this.#saving
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#layers.size === 0) return
    const layers = this.#layers
    this.#layers = new Map()
    this.#saving = this.#saving
      .then(async () => {
        this.#metainfo = withPieceLayers(this.#metainfo, layers)
        await this.#save(this.#metainfo)
      })
      .catch(() => {})
  }
}

/** Roots of the files that are longer than a piece and of which no layer is known. */
export function lackingLayers({ files, pieceLength, pieceLayers }: Metainfo): Set<Hex> {
  const lacking = new Set<Hex>()
  for (const { piecesRoot, sizeBytes } of files) {
    if (!piecesRoot || sizeBytes <= pieceLength) continue
    const root = rootHex(piecesRoot)
    if (!pieceLayers.has(root)) lacking.add(root)
  }
  return lacking
}
