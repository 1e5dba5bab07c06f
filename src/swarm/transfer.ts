import { EventEmitter } from 'node:events'
import { type AbortOptions, type Hex, type Metainfo, P2pShareError, raceAbort } from '../core/index.ts'
import { type ChannelReport, GivenPeers } from './channels.ts'
import { type Content, wantedBytesIn } from './content.ts'
import { ContentSaver } from './content-saver.ts'
import type { EngineTorrent, PeerStats } from './engine.ts'
import type { TransferEvents } from './transfer-events.ts'
import { canFollow, type TransferState } from './transfer-state.ts'
import type { TransferStats } from './transfer-stats.ts'

const lookForLostMs = 5_000

/** What the swarm hands to a new transfer. */
export interface TransferInit {
  readonly infoHash: Hex
  readonly name: string
  readonly torrent: EngineTorrent
  readonly magnetLink: (metainfo: Metainfo | undefined) => string
  /** Turns the raw `info` dictionary into a checked metainfo. */
  readonly readInfo: (infoBytes: Uint8Array) => Metainfo
  /** Opens the files of the torrent; `onLost` is to be called when one of them is gone or changed. */
  readonly open: (
    metainfo: Metainfo,
    onLost: (error: P2pShareError) => void,
    signal: AbortSignal,
  ) => Promise<Content>
  readonly webSeeds: readonly string[]
  /** Whether web seeds may be at private addresses. */
  readonly allowsPrivate: boolean
  readonly channels: () => Pick<ChannelReport, 'dht' | 'lsd' | 'pex'>
  readonly givenPeers: readonly string[]
  /** Trackers and peers at private addresses that are not contacted because nobody asked for it. */
  readonly refused: { readonly trackers: readonly string[]; readonly peers: readonly string[] }
  /** Called once, when the transfer has ended for whatever reason. */
  readonly onEnd: () => Promise<void> | void
}

/**
 * One torrent that is fetched, shared on, or both. Made by `Swarm.seed`, `Swarm.share` and `Swarm.get`.
 *
 * @example
 * const transfer = await swarm.get('magnet:?xt=urn:btih:…', { out: 'films' })
 * transfer.on('progress', ({ haveBytes, sizeBytes }) => console.error(`${haveBytes} of ${sizeBytes}`))
 * await transfer.finished()
 */
export class Transfer extends EventEmitter<TransferEvents> {
  readonly infoHash: Hex
  readonly #init: TransferInit
  readonly #torrent: EngineTorrent
  readonly #ending = new AbortController()
  readonly #metadata = Promise.withResolvers<Metainfo>()
  readonly #finished = Promise.withResolvers<void>()
  readonly #given: GivenPeers
  #state: TransferState = 'finding'
  #content: Content | undefined
  #isWanted: ReadonlySet<number> = new Set()
  #metainfo: Metainfo | undefined
  #sizeBytes = 0
  #haveBytes = 0
  #reason: P2pShareError | undefined
  #saver: ContentSaver | undefined
  #lostTimer: NodeJS.Timeout | undefined
  #beginning: Promise<void> | undefined
  #stopping: Promise<void> | undefined

  constructor(init: TransferInit) {
    super()
    this.#init = init
    this.infoHash = init.infoHash
    this.#torrent = init.torrent
    this.#given = new GivenPeers(init.givenPeers)
    for (const promise of [this.#metadata.promise, this.#finished.promise]) promise.catch(() => {})
    const torrent = init.torrent
    torrent.once('metadata', infoBytes => this.#onInfo(infoBytes))
    torrent.on('piece', index => this.#onPiece(index))
    torrent.on('complete', () => this.#onComplete())
    torrent.on('corrupt', index => this.emit('corrupt', index))
    torrent.on('stalled', error => this.#enter('paused', error))
    torrent.on('flowing', () => this.#enter(this.#isComplete() ? 'seeding' : 'downloading'))
    torrent.on('failed', error => void this.#fail(error))
    torrent.on('peers', () => this.#given.look(torrent.peers()))
  }

  /** The torrent's name; the magnet link's word for it until the metadata is known. */
  get name(): string {
    return this.#metainfo?.name ?? this.#init.name
  }

  get metainfo(): Metainfo | undefined {
    return this.#metainfo
  }

  /** A magnet link that others can fetch with. */
  get magnetLink(): string {
    return this.#init.magnetLink(this.#metainfo)
  }

  /** Where the file, or the folder of files, is; `undefined` until that is settled. */
  get path(): string | undefined {
    return this.#content?.path
  }

  get state(): TransferState {
    return this.#state
  }

  /** Begins with a metainfo that is known already. To be called once, by the swarm. */
  begin(metainfo: Metainfo): Promise<void> {
    this.#beginning ??= this.#begin(metainfo)
    return this.#beginning
  }

  /**
   * Waits until the metadata is known.
   * @throws {P2pShareError} why the transfer ended before; aborting only ends the wait
   */
  metadata({ signal }: AbortOptions = {}): Promise<Metainfo> {
    return raceAbort(this.#metadata.promise, signal)
  }

  /**
   * Waits until every selected file is here and verified.
   * @throws {P2pShareError} why the transfer ended before (`ERR_STOPPED` where it was stopped); aborting only ends the wait
   */
  finished({ signal }: AbortOptions = {}): Promise<void> {
    return raceAbort(this.#finished.promise, signal)
  }

  stats(): TransferStats {
    const wire = this.#torrent.stats()
    const left = this.#sizeBytes - this.#haveBytes
    return Object.freeze({
      state: this.#state,
      sizeBytes: this.#sizeBytes,
      haveBytes: this.#haveBytes,
      downloadedBytes: wire.downloadedBytes,
      uploadedBytes: wire.uploadedBytes,
      ratio: this.#sizeBytes > 0 ? wire.uploadedBytes / this.#sizeBytes : 0,
      downloadBytesPerSecond: wire.downloadBytesPerSecond,
      uploadBytesPerSecond: wire.uploadBytesPerSecond,
      peers: wire.peers,
      seeds: wire.seeds,
      piecesHave: this.#content?.have.count ?? 0,
      pieceCount: this.#metainfo?.pieceCount ?? 0,
      etaMs:
        wire.downloadBytesPerSecond > 0 && left > 0 ? (left / wire.downloadBytesPerSecond) * 1000 : undefined,
      reason: this.#reason,
    })
  }

  /** The connected peers. */
  peers(): readonly PeerStats[] {
    return this.#torrent.peers()
  }

  /** What each way of finding peers has come to: the answer to "why is nobody there". */
  channels(): ChannelReport {
    const { channels, refused } = this.#init
    const blank = { status: 'refused', message: undefined, seeds: undefined, leeches: undefined } as const
    return {
      ...channels(),
      trackers: [...this.#torrent.trackers(), ...refused.trackers.map(url => ({ ...blank, url }))],
      peers: this.#given.report(refused.peers),
    }
  }

  /** Tries a peer, `host:port`. */
  addPeer(address: string): void {
    this.#given.add(address)
    this.#torrent.addPeer(address, 'manual')
  }

  /** Tries a peer that was heard in the local network. */
  addLocalPeer(address: string): void {
    this.#torrent.addPeer(address, 'lsd')
  }

  /** Leaves the swarm and closes the files; what was fetched stays and is resumed by a later `get`. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#end(
      'stopped',
      new P2pShareError('ERR_STOPPED', `Sharing ${this.name} was stopped`),
    )
    return this.#stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  #onInfo(infoBytes: Uint8Array): void {
    let metainfo: Metainfo
    try {
      metainfo = this.#init.readInfo(infoBytes)
    } catch (error) {
      void this.#fail(error)
      return
    }
    void this.begin(metainfo)
  }

  async #begin(metainfo: Metainfo): Promise<void> {
    this.#metainfo = metainfo
    this.#enter('checking')
    this.#metadata.resolve(metainfo)
    this.emit('metadata', metainfo)
    try {
      const content = await this.#init.open(metainfo, error => this.#onLost(error), this.#ending.signal)
      if (this.#ending.signal.aborted) return void (await content.close())
      this.#content = content
      if (content.save) this.#saver = new ContentSaver(content)
      this.#isWanted = new Set(content.wantedFiles)
      for (const index of content.wantedFiles) this.#sizeBytes += metainfo.files[index]!.sizeBytes
      for (let piece = 0; piece < content.have.length; piece++) {
        if (content.have.has(piece)) this.#haveBytes += wantedBytesIn(content, this.#isWanted, piece)
      }
      const { store, have, wanted } = content
      this.#enter('downloading')
      const { webSeeds, allowsPrivate } = this.#init
      this.#torrent.begin({ metainfo, store, have, wanted, webSeeds, allowsPrivate })
    } catch (error) {
      if (!this.#ending.signal.aborted) void this.#fail(error)
    }
  }

  #onPiece(index: number): void {
    if (!this.#content) return
    this.#haveBytes += wantedBytesIn(this.#content, this.#isWanted, index)
    this.#saver?.onPiece()
    if (this.listenerCount('progress') > 0) this.emit('progress', this.stats())
  }

  #onComplete(): void {
    if (!this.#content || this.#state === 'seeding') return
    this.#enter('seeding')
    this.#finished.resolve()
    this.emit('finished')
    this.#saver?.onComplete()
  }

  #onLost(error: P2pShareError): void {
    if (this.#state !== 'seeding' && this.#state !== 'downloading') return
    this.#enter('missing', error)
    this.#torrent.pause()
    const look = async () => {
      const isBack = await this.#content?.isBack()
      if (this.#state !== 'missing') return
      if (isBack) this.#onBack()
      else this.#lostTimer = setTimeout(look, lookForLostMs).unref()
    }
    this.#lostTimer = setTimeout(look, lookForLostMs).unref()
  }

  #onBack(): void {
    this.#torrent.resume()
    this.#enter(this.#isComplete() ? 'seeding' : 'downloading')
  }

  #isComplete(): boolean {
    return this.#content !== undefined && this.#haveBytes === this.#sizeBytes
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#stopping) return
    const known =
      error instanceof P2pShareError
        ? error
        : new P2pShareError('ERR_INTERNAL', `Sharing ${this.name} failed: ${String(error)}`, { cause: error })
    this.#stopping = this.#end('failed', known)
    await this.#stopping
  }

  async #end(state: 'failed' | 'stopped', reason: P2pShareError): Promise<void> {
    this.#ending.abort(reason)
    clearTimeout(this.#lostTimer)
    this.#metadata.reject(reason)
    this.#finished.reject(reason)
    await this.#torrent.leave()
    await this.#beginning
    await this.#saver?.stop()
    await this.#content?.close()
    await this.#init.onEnd()
    this.#enter(state, state === 'failed' ? reason : undefined)
  }

  #enter(state: TransferState, reason?: P2pShareError): void {
    if (!canFollow(this.#state, state)) return
    this.#state = state
    this.#reason = reason
    this.emit('state', state)
  }
}
