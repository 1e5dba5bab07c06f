import type { PeerStats, TorrentContent } from '../../../engine.ts'
import { SpeedMeter } from '../rate/speed-meter.ts'
import { WebSeed } from '../web-seed/web-seed.ts'
import { WebSeedHealth } from '../web-seed/web-seed-health.ts'
import type { PieceDownload } from './piece-download.ts'
import type { PieceExchange } from './piece-exchange.ts'
import type { Traffic } from './traffic.ts'

/** Far from the numbers of peers, which count up from 1. */
const firstSource = -1_000
/** A fetch that takes longer, while nothing else is left, is handed to peers; twice as long each time, should they not do better. */
const firstPatienceMs = 10_000

interface Source {
  readonly id: number
  readonly seed: WebSeed
  readonly health: WebSeedHealth
  readonly speed: SpeedMeter
}

interface Fetch {
  readonly piece: number
  readonly startedAtMs: number
  readonly handingOver: AbortController
}

/** The web seeds of a torrent: each fetches whole pieces beside the peers, a few at once, and is left alone while it fails. */
export class WebSeeds {
  readonly #exchange: PieceExchange
  readonly #traffic: Traffic
  readonly #sources: readonly Source[]
  readonly #running = new Set<Promise<void>>()
  readonly #fetches = new Set<Fetch>()
  /** Who sent the pieces that are being verified. */
  readonly #delivered = new Map<number, Source>()
  #patienceMs = firstPatienceMs
  #ending = new AbortController()
  #isPaused = false

  constructor(
    { webSeeds, metainfo, allowsPrivate }: TorrentContent,
    exchange: PieceExchange,
    traffic: Traffic,
  ) {
    this.#exchange = exchange
    this.#traffic = traffic
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
      while (source.health.free > 0 && this.#traffic.mayDownload) {
        const download = this.#exchange.downloads.claims.claim(source.id)
        if (!download) break
        const running = this.#fetch(source, download, this.#ending.signal)
        this.#running.add(running)
        void running.finally(() => this.#running.delete(running))
      }
    }
    this.#handOver()
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

  /** A piece that failed its hash came from here alone. Answers what comes of it; `undefined` where no web seed has that name. */
  lied(url: string): 'warned' | 'given up' | undefined {
    const source = this.#sources.find(({ seed }) => seed.url === url)
    if (!source) return undefined
    const { health } = source
    for (const [piece, sender] of this.#delivered) if (sender === source) this.#delivered.delete(piece)
    const wasGivenUp = health.givenUp !== undefined
    health.lied()
    return health.givenUp !== undefined && !wasGivenUp ? 'given up' : 'warned'
  }

  /** A piece passed its hash, whoever sent it. */
  onPiece(piece: number): void {
    this.#delivered.get(piece)?.health.proved()
    if (this.#delivered.delete(piece)) this.fill()
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

  /** What a web seed is slow to send must not hold up the end, where peers have it. */
  #handOver(): void {
    const { picker } = this.#exchange
    if (this.#fetches.size === 0 || picker.pick('all') >= 0) return
    const nowMs = performance.now()
    for (const { piece, startedAtMs, handingOver } of this.#fetches) {
      if (handingOver.signal.aborted || nowMs - startedAtMs < this.#patienceMs) continue
      if (picker.availability(piece) === 0) continue
      this.#patienceMs *= 2
      handingOver.abort(new Error('it is slow'))
      return
    }
  }

  async #fetch(source: Source, download: PieceDownload, signal: AbortSignal): Promise<void> {
    const { id, seed, health, speed } = source
    const { downloads, content } = this.#exchange
    const into = download.buffer.bytes.subarray(0, download.length)
    const { piece } = download
    const handingOver = new AbortController()
    const fetch: Fetch = { piece, startedAtMs: performance.now(), handingOver }
    this.#fetches.add(fetch)
    health.started()
    try {
      const either = AbortSignal.any([signal, handingOver.signal])
      await seed.fetch(piece * content.metainfo.pieceLength, into, either)
    } catch (error) {
      this.#fetches.delete(fetch)
      if (signal.aborted) health.aborted()
      else health.failed(error)
      downloads.claims.disclaim(download)
      if (!signal.aborted) this.#exchange.fillAll()
      return
    }
    this.#fetches.delete(fetch)
    health.succeeded()
    speed.add(download.length)
    this.#traffic.onPiece(download.length)
    this.#delivered.set(piece, source)
    downloads.claims.deliver(download, id, seed.url)
    this.fill()
  }
}
