import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { type AbortOptions, P2pShareError, raceAbort, SharedVerifier } from '../../core/index.ts'
import { DhtNode } from '../discovery/dht.ts'
import { DhtLookups } from '../discovery/dht-lookups.ts'
import { PortMapping } from '../discovery/port-mapping.ts'
import type { Engine, EngineFactory, EngineInit, EngineTorrent, JoinInit, RateLimits } from '../engine.ts'
import { slotsFor } from './native/choker/choker.ts'
import { Dialer } from './native/connection/dialer.ts'
import { Reception } from './native/connection/reception.ts'
import { Bans } from './native/peer-book/bans.ts'
import { ReadThrottle } from './native/rate/read-throttle.ts'
import { TokenBucket } from './native/rate/token-bucket.ts'
import { UploadTurns } from './native/rate/upload-turns.ts'
import { FramePool } from './native/storage/frame-pool.ts'
import { PieceBuffers } from './native/storage/piece-buffers.ts'
import { RunCopies } from './native/storage/run-copies.ts'
import { AllConnections } from './native/torrent/all-connections.ts'
import type { EngineShared } from './native/torrent/engine-shared.ts'
import { NativeTorrent, type NativeTorrentHooks } from './native/torrent/native-torrent.ts'
import type { Peer } from './native/torrent/peer.ts'

const tickMs = 1_000
/** Half of the files that the strictest systems let a process have open. */
const usualConnections = 500
/** What leaving every swarm may take; a stop takes 5 s at most. */
const leaveMs = 4_000

/** Our own engine: the peer wire over TCP, IPv4 and IPv6. */
export const nativeEngine: EngineFactory = init => new NativeEngine(init)

class NativeEngine implements Engine {
  readonly name = 'native'
  readonly dht: DhtNode | undefined
  readonly #init: EngineInit
  readonly #torrents = new Set<NativeTorrent>()
  readonly #active = new Set<NativeTorrent>()
  readonly #reception: Reception<NativeTorrent>
  readonly #bans = new Bans()
  readonly #upload: TokenBucket
  readonly #download: TokenBucket
  readonly #turns = new UploadTurns<Peer>()
  readonly #reads = new ReadThrottle()
  readonly #dialer: Dialer
  readonly #verifier: SharedVerifier
  readonly #lookups: DhtLookups | undefined
  readonly #shared: EngineShared
  readonly #hooks: NativeTorrentHooks = {
    onHashes: torrent => this.#reception.add(torrent, torrent.identity.hashes),
    onActive: torrent => this.#active.add(torrent),
    onLeft: torrent => {
      this.#torrents.delete(torrent)
      this.#active.delete(torrent)
      this.#reception.remove(torrent, torrent.identity.hashes)
    },
  }
  #mapping: PortMapping | undefined
  #server: Server | undefined
  #timer: NodeJS.Timeout | undefined
  #lastPeerId = 0
  readonly #ended = new AbortController()
  #starting: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(init: EngineInit) {
    this.#init = init
    const policy = init.encryption ?? 'prefer'
    this.#upload = new TokenBucket(init.limits.uploadBytesPerSecond)
    this.#download = new TokenBucket(init.limits.downloadBytesPerSecond)
    this.#dialer = new Dialer(policy)
    this.#verifier = new SharedVerifier(error => this.#failAll(error))
    this.#reception = new Reception(policy, {
      handshake: (torrent, hash, hasV2) => torrent.identity.answer(hash, hasV2),
      onConnected: (torrent, negotiated, address) => torrent.accept(negotiated, address, 'incoming'),
      isBanned: address => this.#bans.isBanned(address),
    })
    if (init.dht) {
      this.dht = new DhtNode({
        bootstrap: init.dht.bootstrap,
        nodesFile: init.dhtNodesFile,
        port: () => this.port,
      })
      this.#lookups = new DhtLookups(this.dht, () => this.port)
    }
    this.#shared = {
      init,
      buffers: new PieceBuffers(id => this.#verifier.forget(id)),
      frames: new FramePool(),
      copies: new RunCopies(),
      verifier: this.#verifier,
      upload: this.#upload,
      download: this.#download,
      turns: this.#turns,
      reads: this.#reads,
      dialer: this.#dialer,
      connections: new AllConnections(init.maxConnections ?? usualConnections, () => this.#dialer.halfOpen),
      dht: this.#lookups,
      trackerKey: randomBytes(4).readUInt32BE(0),
      port: () => this.port,
      uploadSlots: () => slotsFor(this.#upload.rate),
      nextPeerId: () => ++this.#lastPeerId,
      isBanned: address => this.#bans.isBanned(address),
      ban: address => this.#ban(address),
    }
  }

  get port(): number {
    const address = this.#server?.address()
    return typeof address === 'object' && address ? address.port : 0
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
    const server = createServer({ noDelay: true }, socket => this.#onSocket(socket))
    this.#server = server
    try {
      server.listen(this.#init.port)
      await raceAbort(once(server, 'listening'), signal)
    } catch (error) {
      await this.stop()
      throw listenError(error, this.#init.port)
    }
    server.on('error', () => {})
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
    if (this.#init.nat) this.#mapping = new PortMapping(this.port)
    this.#mapping?.start()
    this.#lookups?.start()
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  join(init: JoinInit): EngineTorrent {
    if (!this.#server || this.#stopping)
      throw new P2pShareError('ERR_STOPPED', 'The engine is not running: start it first')
    const torrent = new NativeTorrent(this.#shared, init, this.#hooks)
    this.#torrents.add(torrent)
    this.#reception.add(torrent, torrent.identity.hashes)
    torrent.start()
    return torrent
  }

  setLimits({ uploadBytesPerSecond, downloadBytesPerSecond }: RateLimits): void {
    this.#upload.rate = uploadBytesPerSecond
    this.#download.rate = downloadBytesPerSecond
    for (const torrent of this.#active) torrent.pumpAll()
  }

  dhtNodes(): number | undefined {
    return this.dht?.nodes
  }

  async #stop(): Promise<void> {
    this.#ended.abort(
      new P2pShareError('ERR_STOPPED', 'The engine was stopped, or could not start: make another one'),
    )
    clearInterval(this.#timer)
    this.#dialer.stop()
    const server = this.#server
    server?.close()
    this.#reception.stop()
    const leaving = [...this.#torrents].map(torrent => torrent.leave())
    const enough = Promise.withResolvers<void>()
    const timer = setTimeout(enough.resolve, leaveMs)
    await Promise.race([Promise.all(leaving), enough.promise])
    clearTimeout(timer)
    this.#turns.stop()
    this.#reads.stop()
    await Promise.all([this.#lookups?.stop(), this.dht?.stop(), this.#mapping?.stop(), this.#verifier.stop()])
  }

  #onSocket(socket: Socket): void {
    if (this.#stopping) socket.destroy()
    else this.#reception.receive(socket)
  }

  #tick(): void {
    const nowMs = performance.now()
    for (const torrent of this.#active) {
      torrent.tick(nowMs)
      if (!torrent.isActive) this.#active.delete(torrent)
    }
    this.#shared.buffers.onSecond()
    this.#shared.frames.onSecond()
  }

  #ban(address: string): boolean {
    if (!this.#bans.ban(address)) return false
    for (const torrent of this.#active) torrent.onBanned()
    return true
  }

  #failAll(error: P2pShareError): void {
    for (const torrent of [...this.#torrents]) torrent.fail(error)
  }
}

function listenError(error: unknown, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return error
  return new P2pShareError(
    'ERR_PORT_TAKEN',
    `Port ${port} cannot be listened on (${code}): name another one`,
    { cause: error },
  )
}
