import { once } from 'node:events'
import type WebTorrent from 'webtorrent'
import { type AbortOptions, P2pShareError, raceAbort } from '../../core/index.ts'
import { GuardedSocket } from '../discovery/dht-guard.ts'
import type {
  EncryptionPolicy,
  Engine,
  EngineFactory,
  EngineInit,
  EngineTorrent,
  JoinInit,
  RateLimits,
} from '../engine.ts'
import { secureLevel } from './webtorrent/encryption.ts'
import { guardHandshakes } from './webtorrent/handshake.ts'
import { announceEndOfCandidates } from './webtorrent/rtc.ts'
import { WebTorrentTorrent } from './webtorrent/torrent.ts'

/** A router that never answers must not keep a person waiting for its port mapping to be taken back. */
const closeTimeoutMs = 1_000
const v1Digits = 40

/** The engine that stands on webtorrent: TCP, web seeds, and WebRTC through WebSocket trackers. */
export const webTorrentEngine: EngineFactory = init => new WebTorrentEngine(init)

class WebTorrentEngine implements Engine {
  readonly name = 'webtorrent'
  readonly #init: EngineInit
  readonly #encryption: EncryptionPolicy
  readonly #torrents = new Set<WebTorrentTorrent>()
  readonly #ended = new AbortController()
  #client: WebTorrent | undefined
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(init: EngineInit) {
    this.#init = init
    this.#encryption = init.encryption ?? 'prefer'
  }

  get port(): number {
    return this.#client?.torrentPort ?? 0
  }

  async start(options: AbortOptions = {}): Promise<void> {
    options.signal?.throwIfAborted()
    this.#ended.signal.throwIfAborted()
    this.#starting ??= this.#start(
      AbortSignal.any([this.#ended.signal, ...(options.signal ? [options.signal] : [])]),
    )
    await this.#starting
  }

  async #start(signal: AbortSignal): Promise<void> {
    await Promise.all([announceEndOfCandidates(), guardHandshakes()])
    const { default: Client } = await import('webtorrent')
    signal.throwIfAborted()
    const { port, dht, pex, nat, maxPeers, iceServers, limits } = this.#init
    const client = new Client({
      torrentPort: port,
      // The library under webtorrent decodes what anybody sends: the guard looks at it first.
      dht: dht && { bootstrap: dht.bootstrap, socket: new GuardedSocket() },
      // Our own LSD serves every engine: see discovery/local.ts.
      lsd: false,
      utPex: pex,
      // Its native add-on is built from source on some machines: docs/decisions/0004-no-utp.md.
      utp: false,
      natUpnp: nat,
      natPmp: nat,
      maxConns: maxPeers,
      downloadLimit: limits.downloadBytesPerSecond ?? -1,
      uploadLimit: limits.uploadBytesPerSecond ?? -1,
      tracker: { rtcConfig: { iceServers } },
    })
    // Not as an option: it would warn that its RC4 is slow without the one of an old OpenSSL.
    client.secure = secureLevel[this.#encryption]
    this.#client = client
    const failed = Promise.withResolvers<never>()
    client.on('error', (error: NodeJS.ErrnoException) => {
      failed.reject(startError(error, port))
      for (const torrent of this.#torrents) torrent.fail(startError(error, port))
    })
    try {
      await raceAbort(Promise.race([once(client, 'listening'), failed.promise]), signal)
    } catch (error) {
      await this.stop()
      throw error
    }
    failed.promise.catch(() => {})
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.#ended.abort(
      new P2pShareError('ERR_STOPPED', 'The engine was stopped, or could not start: make another one'),
    )
    const client = this.#client
    if (!client) return
    await Promise.all([...this.#torrents].map(torrent => torrent.leave()))
    if (client.destroyed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, closeTimeoutMs)
    client.destroy(() => resolve())
    await promise
    clearTimeout(timer)
  }

  join(init: JoinInit): EngineTorrent {
    const client = this.#client
    if (!client || this.#stopping)
      throw new P2pShareError('ERR_STOPPED', 'The engine is not running: start it first')
    if (init.infoHash.length !== v1Digits) {
      throw new P2pShareError(
        'ERR_UNSUPPORTED_TORRENT',
        'This torrent is v2 only, which webtorrent cannot fetch: use the native engine',
      )
    }
    const onLeft = () => this.#torrents.delete(torrent)
    const torrent: WebTorrentTorrent = new WebTorrentTorrent(client, init, this.#encryption, onLeft)
    this.#torrents.add(torrent)
    return torrent
  }

  setLimits(limits: RateLimits): void {
    this.#client?.throttleDownload(limits.downloadBytesPerSecond ?? -1)
    this.#client?.throttleUpload(limits.uploadBytesPerSecond ?? -1)
  }

  dhtNodes(): number | undefined {
    const dht = this.#client?.dht
    return dht ? dht.nodes.count() : undefined
  }
}

function startError(error: NodeJS.ErrnoException, port: number): P2pShareError {
  if (error instanceof P2pShareError) return error
  const options = { cause: error }
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') {
    return new P2pShareError(
      'ERR_PORT_TAKEN',
      `Port ${port} cannot be listened on (${error.code}): name another one`,
      options,
    )
  }
  return new P2pShareError('ERR_INTERNAL', `The webtorrent engine failed: ${error.message}`, options)
}
