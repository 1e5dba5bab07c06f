import type { RateLimits } from '../../../engine.ts'
import { SpeedMeter } from '../rate/speed-meter.ts'
import { TokenBucket } from '../rate/token-bucket.ts'
import type { EngineShared } from './engine-shared.ts'
import type { Peer } from './peer.ts'
import type { Uploads } from './uploads.ts'

/** What goes over the line for one torrent: counted, and held to its limits and those of the engine. */
export class Traffic {
  /** Every one of them has to let an upload pass. */
  readonly uploadBuckets: readonly TokenBucket[]
  readonly downloaded = new SpeedMeter()
  readonly uploaded = new SpeedMeter()
  wastedBytes = 0
  readonly #shared: EngineShared
  readonly #up = new TokenBucket(undefined)
  readonly #down = new TokenBucket(undefined)
  readonly #downloadBuckets: readonly TokenBucket[]

  constructor(shared: EngineShared) {
    this.#shared = shared
    this.uploadBuckets = [this.#up, shared.upload]
    this.#downloadBuckets = [this.#down, shared.download]
  }

  setLimits({ uploadBytesPerSecond, downloadBytesPerSecond }: RateLimits): void {
    this.#up.rate = uploadBytesPerSecond
    this.#down.rate = downloadBytesPerSecond
  }

  /** The limits let no more pass: the peer is sent to again when it is its turn. */
  waitForTurn(peer: Peer, uploads: Uploads): void {
    this.#shared.turns.wait(peer, {
      take: () => uploads.takeTurn(peer),
      isFirst: () => uploads.hasFresh(peer),
      msUntilAllowed: () => uploads.msUntilAllowed(),
    })
  }

  onRead(peer: Peer, bytes: number): void {
    peer.down.add(bytes)
    this.downloaded.add(bytes)
    this.#shared.reads.onRead(peer.socket, bytes, this.#downloadBuckets)
  }

  /** Whether a source that is no peer may begin another piece. */
  get mayDownload(): boolean {
    return this.#downloadBuckets.every(bucket => bucket.available() >= 0)
  }

  /** Counts a piece that came from elsewhere than from a peer. */
  onPiece(bytes: number): void {
    this.downloaded.add(bytes)
    for (const bucket of this.#downloadBuckets) bucket.take(bytes)
  }

  onWasted(bytes: number): void {
    this.wastedBytes += bytes
  }
}
