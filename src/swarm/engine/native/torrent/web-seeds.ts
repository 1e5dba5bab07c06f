import type { PeerStats, TorrentContent } from '../../../engine.ts'
import { SpeedMeter } from '../rate/speed-meter.ts'
import { WebSeed } from '../web-seed/web-seed.ts'
import { WebSeedHealth } from '../web-seed/web-seed-health.ts'
import type { PieceDownload } from './piece-download.ts'
import type { PieceExchange } from './piece-exchange.ts'

/** Far from the numbers of peers, which count up from 1. */
const firstSource = -1_000

interface Source {
  readonly id: number
  readonly seed: WebSeed
  readonly health: WebSeedHealth
  readonly speed: SpeedMeter
}

/** The web seeds of a torrent: each fetches whole pieces beside the peers, a few at once, and is left alone while it fails. */
export class WebSeeds {
  readonly #exchange: PieceExchange
  readonly #onBytes: (bytes: number) => void
  readonly #sources: readonly Source[]
  readonly #running = new Set<Promise<void>>()
  #ending = new AbortController()
  #isPaused = false

  /** @param onBytes called with the length of each piece that came */
  constructor({ webSeeds, metainfo, allowsPrivate }: TorrentContent, exchange: PieceExchange, onBytes: (bytes: number) => void) {
    this.#exchange = exchange
    this.#onBytes = onBytes
    const trust = allowsPrivate ? 'all' : 'public'
    this.#sources = webSeeds.map((url, index) => ({
      id: firstSource - index,
      seed: new WebSeed({ url, metainfo, trust }),
      health: new WebSeedHealth(),
      speed: new SpeedMeter(),
    }))
    exchange.onMore = () => this.fill()
  }

  /** Fetches as much as each may. */
  fill(): void {
    if (this.#isPaused || this.#ending.signal.aborted) return
    for (const source of this.#sources) {
      while (source.health.free > 0) {
        const download = this.#exchange.downloads.claim(source.id)
        if (!download) return
        const running = this.#fetch(source, download, this.#ending.signal)
        this.#running.add(running)
        void running.finally(() => this.#running.delete(running))
      }
    }
  }

  /** Ends the fetches under way; {@link resume} goes on. */
  pause(): void {
    this.#isPaused = true
    this.#ending.abort()
  }

  resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#ending = new AbortController()
    this.fill()
  }

  async stop(): Promise<void> {
    this.pause()
    await Promise.all(this.#running)
  }

  /** A piece that failed its hash came from here alone; whether there is a web seed of that name. */
  lied(url: string): boolean {
    const source = this.#sources.find(({ seed }) => seed.url === url)
    source?.health.lied()
    return source !== undefined
  }

  /** Those that have served anything. */
  statistics(): PeerStats[] {
    return this.#sources
      .filter(({ speed, health }) => speed.total > 0 && health.givenUp === undefined)
      .map(({ seed, speed }) => ({
        address: seed.url,
        client: undefined,
        source: 'web seed',
        isSeed: true,
        progress: 1,
        downloadedBytes: speed.total,
        uploadedBytes: 0,
        downloadBytesPerSecond: speed.rate(),
        uploadBytesPerSecond: 0,
        flags: 'D',
      }))
  }

  async #fetch({ id, seed, health, speed }: Source, download: PieceDownload, signal: AbortSignal): Promise<void> {
    const { downloads, content } = this.#exchange
    const into = download.buffer.bytes.subarray(0, download.length)
    health.started()
    try {
      await seed.fetch(download.piece * content.metainfo.pieceLength, into, signal)
    } catch (error) {
      if (signal.aborted) health.aborted()
      else health.failed(error)
      downloads.disclaim(download)
      if (!signal.aborted) this.#exchange.fillAll()
      return
    }
    health.succeeded()
    speed.add(download.length)
    this.#onBytes(download.length)
    downloads.deliver(download, id, seed.url)
    this.fill()
  }
}
