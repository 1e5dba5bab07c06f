import { join } from 'node:path'
import {
  type AbortOptions,
  type CreatedTorrent,
  findHome,
  type Hex,
  type Home,
  type Metainfo,
  magnetLink,
  metainfoFromInfo,
  P2pShareError,
} from '../core/index.ts'
import { sourceContent } from './content.ts'
import { createSeed, type SeedOptions } from './create-seed.ts'
import { DhtNode } from './discovery/dht.ts'
import { LocalDiscovery } from './discovery/local.ts'
import type { Engine, RateLimits } from './engine.ts'
import { identify } from './identify.ts'
import { fetchFromSources, rememberedTorrent } from './metadata-sources.ts'
import { type GetOptions, openDownload } from './open-download.ts'
import { publishPointer, type ResolveOptions, resolvePointer } from './pointer/dht-pointers.ts'
import type { PointerName, SignedPointer } from './pointer/signed-pointer.ts'
import { splitByReach } from './reach.ts'
import { SeedCache } from './seed-cache.ts'
import { dhtBootstrap, type SwarmInit, startEngine } from './start-engine.ts'
import { ResumeFolder } from './store/resume.ts'
import { type SwarmStats, sumStats } from './swarm-stats.ts'
import { Transfer, type TransferInit } from './transfer.ts'

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
  readonly #usesPex: boolean
  readonly #resume: ResumeFolder
  readonly #seedCache: SeedCache
  readonly #lockFolder: string
  readonly #transfers = new Map<Hex, Transfer>()
  readonly #heard = new Map<Hex, number>()
  #stopping: Promise<void> | undefined

  private constructor(engine: Engine, home: Home, init: SwarmInit) {
    this.#engine = engine
    this.#home = home
    this.#usesPex = init.pex ?? true
    this.#resume = new ResumeFolder(join(home.state, 'transfers'))
    this.#seedCache = new SeedCache(join(home.state, 'seeds'))
    this.#lockFolder = join(home.state, 'locks')
    const bootstrap = dhtBootstrap(init)
    if (bootstrap) this.#dht = new DhtNode({ bootstrap })
    if (init.lsd !== false) {
      const interfaces = typeof init.lsd === 'object' ? init.lsd.interfaces : undefined
      this.#lsd = new LocalDiscovery({
        interfaces,
        onPeer: (infoHash, address) => this.#onLocalPeer(infoHash, address),
      })
    }
  }

  /**
   * Starts a swarm: opens its port and begins to find peers.
   *
   * @throws {P2pShareError} `ERR_PORT_TAKEN` where `port` was given and is taken; aborting closes everything again
   */
  static async start(init: SwarmInit = {}): Promise<Swarm> {
    const swarm = new Swarm(await startEngine(init), findHome(init.home), init)
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
   * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` where it was made of something else than files
   */
  async share(created: CreatedTorrent, options: Pick<SeedOptions, 'peers'> = {}): Promise<Transfer> {
    const { metainfo } = created
    if (created.sources.length === 0) {
      throw new P2pShareError(
        'ERR_INVALID_ARGUMENT',
        `${metainfo.name} was not made of files: write it to a file first`,
      )
    }
    const known = this.#transfers.get(metainfo.infoHash!)
    if (known) return known
    const trackers = metainfo.trackers.flat()
    const transfer = this.#add({
      infoHash: metainfo.infoHash!,
      name: metainfo.name,
      trackers,
      peers: options.peers ?? [],
      refused: { trackers: [], peers: [] },
      webSeeds: [],
      allowsPrivate: false,
      isPrivate: metainfo.isPrivate,
      readInfo: () => metainfo,
      open: async (_, onLost) => sourceContent(created, onLost),
      magnetLink: () => magnetLink(metainfo),
    })
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
  async get(id: string | Uint8Array | Metainfo, options: GetOptions = {}): Promise<Transfer> {
    const { infoHash, magnet, metainfo: given, isAskedFor } = await identify(id, options)
    const known = this.#transfers.get(infoHash)
    if (known) return known
    const metainfo = given ?? (await rememberedTorrent(this.#resume, infoHash))
    const already = this.#transfers.get(infoHash)
    if (already) return already
    const allow = options.allowPrivateAddresses || isAskedFor
    const trackers = splitByReach([...(magnet?.trackers ?? []), ...(metainfo?.trackers.flat() ?? [])], allow)
    const peers = splitByReach(magnet?.peers ?? [], allow)
    const webSeeds = splitByReach(
      [...(magnet?.webSeeds ?? []), ...(metainfo?.webSeeds ?? [])],
      allow,
    ).reachable
    const transfer = this.#add({
      infoHash,
      name: metainfo?.name ?? magnet?.name ?? infoHash,
      trackers: [...new Set([...(options.trackers ?? []), ...trackers.reachable])],
      peers: [...new Set([...(options.peers ?? []), ...peers.reachable])],
      refused: { trackers: trackers.refused, peers: peers.refused },
      webSeeds,
      allowsPrivate: allow,
      isPrivate: metainfo?.isPrivate ?? false,
      readInfo: infoBytes =>
        metainfoFromInfo(infoBytes, {
          trackers: (magnet?.trackers ?? []).map(url => [url]),
          webSeeds: magnet?.webSeeds,
        }),
      open: (found, onLost, signal) =>
        openDownload(found, infoHash, {
          options,
          magnet,
          resume: this.#resume,
          lockFolder: this.#lockFolder,
          onLost,
          signal,
        }),
      magnetLink: found => magnetLink(found ?? { infoHash, ...magnet }),
    })
    if (metainfo) void transfer.begin(metainfo)
    else if (magnet?.sources.length) void this.#askSources(transfer, magnet.sources, allow)
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
    return [...this.#transfers.values()]
  }

  stats(): SwarmStats {
    return sumStats(this.transfers(), { port: this.port, dhtNodes: this.#engine.dhtNodes() })
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
    await Promise.all([...this.#transfers.values()].map(transfer => transfer.stop()))
    await Promise.all([this.#dht?.stop(), this.#lsd?.stop(), this.#engine.stop()])
  }

  #checkRunning(): void {
    if (this.#stopping) throw new P2pShareError('ERR_STOPPED', 'The swarm was stopped: start another one')
  }

  #add(init: Joining): Transfer {
    this.#checkRunning()
    const { infoHash, trackers, peers, isPrivate } = init
    const torrent = this.#engine.join({ infoHash, trackers, peers, isPrivate })
    const transfer = new Transfer({
      ...init,
      torrent,
      givenPeers: peers,
      channels: () => ({
        dht: { on: this.#engine.dhtNodes() !== undefined && !isPrivate, nodes: this.#engine.dhtNodes() ?? 0 },
        lsd: { on: (this.#lsd?.isOn ?? false) && !isPrivate, heard: this.#heard.get(infoHash) ?? 0 },
        pex: { on: this.#usesPex && !isPrivate },
      }),
      onEnd: () => {
        this.#transfers.delete(infoHash)
        this.#heard.delete(infoHash)
        this.#lsd?.withdraw(infoHash)
      },
    })
    this.#transfers.set(infoHash, transfer)
    if (!isPrivate) this.#lsd?.announce(infoHash, this.port)
    transfer.once('metadata', found => {
      if (found.isPrivate) this.#lsd?.withdraw(infoHash)
    })
    return transfer
  }

  async #askSources(transfer: Transfer, sources: readonly string[], allowPrivate: boolean): Promise<void> {
    const known = new AbortController()
    transfer.once('state', () => known.abort())
    const options = { trust: allowPrivate ? 'all' : 'public', signal: known.signal } as const
    const metainfo = await fetchFromSources(sources, transfer.infoHash, options)
    if (metainfo && transfer.state === 'finding') await transfer.begin(metainfo)
  }

  #onLocalPeer(infoHash: Hex, address: string): void {
    const transfer = this.#transfers.get(infoHash)
    if (!transfer) return
    this.#heard.set(infoHash, (this.#heard.get(infoHash) ?? 0) + 1)
    transfer.addLocalPeer(address)
  }
}

/** What {@link Swarm} needs to know to join the swarm of a torrent. */
interface Joining extends Omit<TransferInit, 'torrent' | 'givenPeers' | 'channels' | 'onEnd'> {
  readonly trackers: readonly string[]
  readonly peers: readonly string[]
  readonly isPrivate: boolean
}
