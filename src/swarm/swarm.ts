import { join } from 'node:path'
import {
  type AbortOptions,
  type CreatedTorrent,
  findHome,
  type Hex,
  type Home,
  looksLikeWebAddress,
  type Metainfo,
  mainInfoHash,
  P2pShareError,
  Turns,
} from '../core/index.ts'
import { createSeed, type SeedOptions } from './create-seed.ts'
import { DhtNode } from './discovery/dht.ts'
import { LocalDiscovery } from './discovery/local.ts'
import type { Engine, RateLimits } from './engine.ts'
import { identify } from './identify.ts'
import { type DownloadPlaces, JoiningFetched, joiningShared } from './joining.ts'
import { fetchFromSources, rememberedTorrent } from './metadata-sources.ts'
import type { GetOptions } from './open-download.ts'
import { publishPointer, type ResolveOptions, resolvePointer } from './pointer/dht-pointers.ts'
import type { PointerName, SignedPointer } from './pointer/signed-pointer.ts'
import { Roster } from './roster.ts'
import { SeedCache } from './seed-cache.ts'
import { dhtBootstrap, type SwarmInit, startEngine } from './start-engine.ts'
import { ResumeFolder } from './store/resume.ts'
import { type SwarmStats, sumStats } from './swarm-stats.ts'
import type { Transfer } from './transfer.ts'

/**
 * Shares and fetches torrents. Whatever is fetched is shared on until its transfer, or the swarm, is stopped.
 *
 * @example
 * await using swarm = await Swarm.start({ port: 0 })
 * const clip = await swarm.seed(['clip.avi'])
 * console.log(clip.magnetLink)
 */
export class Swarm {
  readonly #engine: Engine
  readonly #home: Home
  readonly #lsd: LocalDiscovery | undefined
  readonly #dht: DhtNode | undefined
  readonly #ownDht: DhtNode | undefined
  readonly #seedCache: SeedCache
  readonly #places: DownloadPlaces
  readonly #roster: Roster
  /** Of thousands that are added at once, the first are under way before the last are looked at. */
  readonly #starts = new Turns(16)
  #stopping: Promise<void> | undefined

  private constructor(engine: Engine, home: Home, init: SwarmInit) {
    this.#engine = engine
    this.#home = home
    const resume = new ResumeFolder(join(home.state, 'transfers'))
    this.#places = { resume, lockFolder: join(home.state, 'locks') }
    this.#seedCache = new SeedCache(join(home.state, 'seeds'))
    const bootstrap = dhtBootstrap(init)
    if (bootstrap && !engine.dht) this.#ownDht = new DhtNode({ bootstrap })
    this.#dht = engine.dht ?? this.#ownDht
    if (init.lsd !== false) {
      const interfaces = typeof init.lsd === 'object' ? init.lsd.interfaces : undefined
      this.#lsd = new LocalDiscovery({
        interfaces,
        onPeer: (infoHash, address) => this.#roster.onLocalPeer(infoHash, address),
      })
    }
    this.#roster = new Roster({ engine, lsd: this.#lsd, usesPex: init.pex ?? true })
  }

  /**
   * Starts a swarm: opens its port and begins to find peers.
   *
   * @throws {P2pShareError} `ERR_PORT_TAKEN` where `port` was given and is taken; aborting closes everything again
   */
  static async start(init: SwarmInit = {}): Promise<Swarm> {
    const home = findHome(init.home)
    const swarm = new Swarm(await startEngine(init, join(home.state, 'dht-nodes.json')), home, init)
    await swarm.#lsd?.start()
    if (init.signal?.aborted) {
      await swarm.stop()
      throw init.signal.reason
    }
    return swarm
  }

  /** The TCP port that peers connect to. */
  get port(): number {
    return this.#engine.port
  }

  /**
   * Makes a torrent of files and folders and shares it. The files are only ever read; unchanged ones that were shared with
   * the same options before are not hashed again. Sharing what is shared already gives the same transfer.
   *
   * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_NOTHING_TO_SHARE`, `ERR_SOURCE_CHANGED`,
   *   `ERR_LOCATION_NOT_REMOVABLE`; aborting ends the hashing
   */
  async seed(paths: string | readonly string[], options: SeedOptions = {}): Promise<Transfer> {
    return this.share(await this.create(paths, options), options)
  }

  /** Makes the torrent that {@link Swarm.seed} would share, with its cleaned copies and without hashing twice. */
  create(paths: string | readonly string[], options: SeedOptions = {}): Promise<CreatedTorrent> {
    const list = typeof paths === 'string' ? [paths] : paths
    return createSeed(list, options, { cache: this.#seedCache, cleanFolder: join(this.#home.data, 'clean') })
  }

  /**
   * Shares a torrent that was created of files.
   *
   * @param options.looksAgain looks at each file first, where the torrent was made of them in an earlier run: one that is gone or has
   *   changed makes it `missing` at once, not only when a peer asks for it
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` where it was made of something else than files
   */
  async share(
    created: CreatedTorrent,
    options: Pick<SeedOptions, 'peers'> & { readonly looksAgain?: boolean | undefined } = {},
  ): Promise<Transfer> {
    const { metainfo } = created
    if (created.sources.length === 0) {
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        `${metainfo.name} was not made of files: write it to a file first`,
      )
    }
    const known = this.#roster.get(mainInfoHash(metainfo))
    if (known) return known
    this.#checkRunning()
    const transfer = this.#roster.add(joiningShared(created, options))
    await transfer.begin(metainfo)
    return transfer
  }

  /**
   * Fetches a torrent and shares it on. Resolves as soon as its swarm is joined: see `Transfer.metadata` and
   * `Transfer.finished`. Fetching what is fetched or shared already gives the same transfer.
   *
   * @param id a magnet link, an info-hash, the path or http(s) URL of a .torrent, its bytes, or a metainfo
   * @throws {P2pShareError} `ERR_INVALID_IDENTIFIER`, `ERR_INVALID_MAGNET`, `ERR_INVALID_TORRENT`, `ERR_PATH_NOT_FOUND`,
   *   `ERR_FETCH_FAILED`, `ERR_UNSUPPORTED_TORRENT`; aborting once it has resolved changes nothing
   */
  get(id: string | Uint8Array | Metainfo, options: GetOptions = {}): Promise<Transfer> {
    // What is far away may be long in coming, and nobody waits behind it.
    const isFar = typeof id === 'string' && looksLikeWebAddress(id)
    return isFar ? this.#get(id, options) : this.#starts.run(() => this.#get(id, options), options)
  }

  async #get(id: string | Uint8Array | Metainfo, options: GetOptions): Promise<Transfer> {
    const identified = await identify(id, options)
    const { infoHash, magnet, isAskedFor } = identified
    const known = this.#roster.get(infoHash)
    if (known) return known
    const metainfo = identified.metainfo ?? (await rememberedTorrent(this.#places.resume, infoHash))
    const already = this.#roster.get(infoHash)
    if (already) return already
    this.#checkRunning()
    const transfer = this.#roster.add(new JoiningFetched(identified, metainfo, options, this.#places))
    if (metainfo) void transfer.begin(metainfo)
    else if (magnet?.sources.length) {
      const trust = (options.allowPrivateAddresses ?? isAskedFor) ? 'all' : 'public'
      void askSources(transfer, magnet.sources, trust)
    }
    return transfer
  }

  /**
   * Looks in the DHT for the newest pointer of a name (BEP 46): the highest seq that is signed, not expired, and not below
   * `seqFloor`. `undefined` where nobody has one, or the DHT is off. Takes half a minute at most; aborting gives up.
   *
   * @throws {P2pShareError} `ERR_INVALID_POINTER` for a name that is none, `ERR_STOPPED`
   */
  async resolvePointer(name: PointerName, options: ResolveOptions = {}): Promise<SignedPointer | undefined> {
    this.#checkRunning()
    return resolvePointer(this.#dht, name, options)
  }

  /**
   * Puts a pointer into the DHT, one's own or, to keep it there, somebody else's. Nodes forget it after two hours: see
   * `PointerKeeper`. Answers how many nodes took it: 0 where it has expired, nobody was reached, or the DHT is off.
   *
   * @throws {P2pShareError} `ERR_INVALID_POINTER`, `ERR_BAD_SIGNATURE`, `ERR_STOPPED`
   */
  async publishPointer(pointer: SignedPointer, options: AbortOptions = {}): Promise<number> {
    this.#checkRunning()
    return publishPointer(this.#dht, pointer, options)
  }

  /** How many peers of a torrent (v1, or the first 40 digits of v2) the DHT knows; 0 where it is off. Bounded like the others. */
  async countPeers(infoHash: Hex, options: AbortOptions = {}): Promise<number> {
    this.#checkRunning()
    return (await this.#dht?.countPeers(infoHash, options)) ?? 0
  }

  /** Every transfer that has not ended, in the order in which they were added. */
  transfers(): readonly Transfer[] {
    return this.#roster.all()
  }

  stats(): SwarmStats {
    return sumStats(this.transfers(), {
      engine: this.#engine.name,
      port: this.port,
      dhtNodes: this.#engine.dhtNodes(),
    })
  }

  /** Sets the limits over all transfers together; `undefined` lifts one. */
  setLimits(limits: RateLimits): void {
    this.#engine.setLimits(limits)
  }

  /** Stops every transfer, tells the trackers, closes the port: within 5 s. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#roster.all().map(transfer => transfer.stop()))
    await Promise.all([this.#ownDht?.stop(), this.#lsd?.stop(), this.#engine.stop()])
  }

  #checkRunning(): void {
    if (this.#stopping) throw new P2pShareError('ERR_STOPPED', 'The swarm was stopped: start another one')
  }
}

/** Asks where the magnet link says that the .torrent can be had, until the metadata is known from elsewhere. */
async function askSources(
  transfer: Transfer,
  sources: readonly string[],
  trust: 'public' | 'all',
): Promise<void> {
  const known = new AbortController()
  transfer.once('metadata', () => known.abort())
  transfer.on('state', state => (state === 'failed' || state === 'stopped') && known.abort())
  const metainfo = await fetchFromSources(sources, transfer.infoHash, { trust, signal: known.signal })
  if (metainfo && !transfer.metainfo && !known.signal.aborted) await transfer.begin(metainfo)
}
