import { EventEmitter } from 'node:events'
import { type AbortOptions, type Bitfield, type Hex, type Metainfo, raceAbort } from '../core/index.ts'
import type { ChannelReport } from './channels.ts'
import type { CheckOptions } from './content/content.ts'
import type { PeerStats, RateLimits } from './engine.ts'
import type { FileReader } from './stream/file-reader.ts'
import type { StreamOptions } from './stream/file-streams.ts'
import type { TransferEvents } from './transfer-events.ts'
import type { TransferInit } from './transfer-init.ts'
import { TransferRun } from './transfer-run.ts'
import type { TransferState } from './transfer-state.ts'
import type { TransferStats } from './transfer-stats.ts'

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
  readonly #run: TransferRun

  constructor(init: TransferInit) {
    super()
    this.#init = init
    this.infoHash = init.joining.infoHash
    this.#run = new TransferRun(init, this)
  }

  /** The torrent's name; the magnet link's word for it until the metadata is known. */
  get name(): string {
    return this.#run.metainfo?.name ?? this.#init.joining.name
  }

  get metainfo(): Metainfo | undefined {
    return this.#run.metainfo
  }

  /** A magnet link that others can fetch with. */
  get magnetLink(): string {
    return this.#init.joining.magnetLink(this.#run.metainfo)
  }

  /** Where the file, or the folder of files, is; `undefined` until that is settled. */
  get path(): string | undefined {
    return this.#run.opened?.content.path
  }

  /** Which pieces are here and verified, only to be read; `undefined` until the files are open. */
  get held(): Bitfield | undefined {
    return this.#run.opened?.content.have
  }

  get state(): TransferState {
    return this.#run.status.state
  }

  /** Begins with a metainfo that is known already. To be called once, by the swarm. */
  begin(metainfo: Metainfo): Promise<void> {
    return this.#run.begin(metainfo)
  }

  /**
   * Waits until the metadata is known.
   * @throws {P2pShareError} why the transfer ended before; aborting only ends the wait
   */
  metadata({ signal }: AbortOptions = {}): Promise<Metainfo> {
    return raceAbort(this.#run.metadata, signal)
  }

  /**
   * Waits until every selected file is here and verified.
   * @throws {P2pShareError} why the transfer ended before (`ERR_STOPPED` where it was stopped); aborting only ends the wait
   */
  finished({ signal }: AbortOptions = {}): Promise<void> {
    return raceAbort(this.#run.finished, signal)
  }

  /** Opens a file to be read while it is fetched, what is read first: see `FileStreams.open`. */
  openFile(fileIndex: number, options: StreamOptions = {}): Promise<FileReader> {
    return this.#run.streams.open(fileIndex, options)
  }

  /** The bytes of a file, each as soon as it is there and verified: see `FileStreams.stream`. */
  stream(fileIndex: number, options: StreamOptions = {}): AsyncIterable<Uint8Array> {
    return this.#run.streams.stream(fileIndex, options)
  }

  stats(): TransferStats {
    return this.#run.stats()
  }

  /** The connected peers. */
  peers(): readonly PeerStats[] {
    return this.#run.membership.peers()
  }

  /** What each way of finding peers has come to: the answer to "why is nobody there". */
  channels(): ChannelReport {
    const { refused } = this.#init.joining
    const blank = { status: 'refused', message: undefined, seeds: undefined, leeches: undefined } as const
    return {
      ...this.#init.channels(),
      trackers: [...this.#run.membership.trackers(), ...refused.trackers.map(url => ({ ...blank, url }))],
      peers: this.#run.given.report(refused.peers),
    }
  }

  /** Tries a peer, `host:port`. */
  addPeer(address: string): void {
    this.#run.given.add(address)
    this.#run.membership.addPeer(address, 'manual')
  }

  /** Tries a peer that was heard in the local network. */
  addLocalPeer(address: string): void {
    this.#run.membership.addPeer(address, 'lsd')
  }

  /** Asks trackers and the DHT for peers now rather than at their time. */
  announce(): void {
    this.#run.membership.announce()
  }

  /** Sets the limits of this transfer alone, in bytes per second; those of the swarm hold besides. `undefined` lifts one. */
  setLimits(limits: RateLimits): void {
    this.#run.membership.setLimits(limits)
  }

  /** Closes every connection until {@link resume}: nothing is fetched or served. */
  pause(): void {
    this.#run.hold(true)
  }

  resume(): void {
    this.#run.hold(false)
  }

  /**
   * Changes which files are fetched, and in which order, for as long as the transfer goes on: a later `get` chooses anew. What is
   * held of a file that is not wanted any more stays.
   *
   * @param priorities by where the file stands in the metainfo's `files`: 0 not wanted, 1 (last) to 7 (first), 4 unless set
   * @throws {P2pShareError} `ERR_NO_SUCH_FILE`, `ERR_INVALID_ARGUMENT` (also for files that are shared from where they are),
   *   `ERR_TARGET_EXISTS` where a file of somebody else is in the place, `ERR_STOPPED`
   */
  async setFilePriorities(priorities: ReadonlyMap<number, number>): Promise<void> {
    const opened = await this.#run.opening
    await opened.setPriorities(priorities)
  }

  /**
   * Hashes everything on disk anew and goes on with what is intact; no connection is open meanwhile.
   * @throws {P2pShareError} `ERR_UNREADABLE_FILE`, `ERR_STOPPED`; aborting goes on with what was held before
   */
  async recheck(options: CheckOptions = {}): Promise<void> {
    const opened = await this.#run.opening
    await opened.recheck(options)
  }

  /**
   * Looks whether the files are there, and those that are complete as they were, though nobody reads or writes them at the moment:
   * where one is not, it is `missing` until it is back. Answers how many it looked at, 0 where it neither fetches nor seeds; never
   * rejects.
   */
  async look(): Promise<number> {
    return (await this.#run.opened?.look().catch(() => 0)) ?? 0
  }

  /**
   * Moves the files into another folder, made where missing, and goes on there.
   * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_CANNOT_WRITE`, `ERR_DISK_FULL`, `ERR_HOME_LOCKED`, `ERR_STOPPED`,
   *   `ERR_INVALID_ARGUMENT` for files that are shared from where they are; all stays where it was then
   */
  async move(folder: string, options: AbortOptions = {}): Promise<void> {
    const opened = await this.#run.opening
    await opened.move(folder, options)
  }

  /**
   * Stops and forgets the transfer, so that a later `get` begins anew. With `data` its files are deleted, those alone that it
   * wrote itself and nobody has changed since; files that were shared from where they are never are.
   *
   * @returns with `data`, files of a download that were left for that reason
   * @throws {P2pShareError} `ERR_STOPPED` where it has ended already
   */
  remove({ data = false }: { data?: boolean } = {}): Promise<readonly string[]> {
    return this.#run.remove({ data })
  }

  /** Leaves the swarm and closes the files; what was fetched stays and is resumed by a later `get`. Idempotent. */
  stop(): Promise<void> {
    return this.#run.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
