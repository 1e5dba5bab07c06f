import type { EventEmitter } from 'node:events'
import { type Hex, type Metainfo, P2pShareError } from '../core/index.ts'
import { GivenPeers } from './channels.ts'
import { Ending } from './ending.ts'
import type { EngineTorrent } from './engine.ts'
import type { LostWatch } from './lost-watch.ts'
import { Membership, type MembershipHost } from './membership.ts'
import { OpenedTransfer, type OpenedTransferHost } from './opened-transfer.ts'
import { Outcome } from './outcome.ts'
import { goneError } from './store/file-stamp.ts'
import { FileStreams } from './stream/file-streams.ts'
import type { TransferEvents } from './transfer-events.ts'
import type { Joining, TransferInit } from './transfer-init.ts'
import type { TransferState } from './transfer-state.ts'
import { snapshot, type TransferStats } from './transfer-stats.ts'
import { TransferStatus } from './transfer-status.ts'

/** How a transfer goes, from joining its swarm to its end: what the engine tells of it, in the order of its states. */
export class TransferRun implements MembershipHost, OpenedTransferHost {
  readonly membership: Membership
  readonly status = new TransferStatus(state => this.#onState(state))
  readonly given: GivenPeers
  readonly ending = new Ending()
  readonly #init: TransferInit
  readonly #events: EventEmitter<TransferEvents>
  readonly #metadata = new Outcome<Metainfo>()
  readonly #opening = new Outcome<OpenedTransfer>()
  #finished = new Outcome<void>()
  #opened: OpenedTransfer | undefined
  #openStreams: FileStreams | undefined
  #metainfo: Metainfo | undefined
  #corruptInARow = 0
  #isDone = false
  #beginning: Promise<void> | undefined
  #stopping: Promise<readonly string[]> | undefined

  /** @param events where the transfer tells of itself */
  constructor(init: TransferInit, events: EventEmitter<TransferEvents>) {
    this.#init = init
    this.#events = events
    this.given = new GivenPeers(init.joining.peers)
    this.membership = new Membership(this)
  }

  get joining(): Joining {
    return this.#init.joining
  }

  get lostWatch(): LostWatch {
    return this.#init.lostWatch
  }

  get metainfo(): Metainfo | undefined {
    return this.#metainfo
  }

  /** Once the files are open. */
  get opened(): OpenedTransfer | undefined {
    return this.#opened
  }

  /** Resolves once the files are open. */
  get opening(): Promise<OpenedTransfer> {
    return this.#opening.promise
  }

  get metadata(): Promise<Metainfo> {
    return this.#metadata.promise
  }

  /** Resolves once every wanted file is here; another promise after more were chosen. */
  get finished(): Promise<void> {
    return this.#finished.promise
  }

  /** Everybody who reads its files. */
  get streams(): FileStreams {
    if (this.#openStreams) return this.#openStreams
    this.#openStreams = new FileStreams()
    this.#opened?.feed(this.#openStreams)
    if (this.ending.reason) this.#openStreams.end(this.ending.reason)
    return this.#openStreams
  }

  /** Not there where nobody ever read. */
  get openStreams(): FileStreams | undefined {
    return this.#openStreams
  }

  begin(metainfo: Metainfo): Promise<void> {
    this.#beginning ??= this.#begin(metainfo)
    return this.#beginning
  }

  /** Pauses because somebody asked for it, or goes on. */
  hold(isHeld: boolean): void {
    if (this.ending.isEnded) return
    if (isHeld) this.membership.hold('asked')
    else this.membership.release('asked')
    this.status.set({ isHeld })
  }

  stats(): TransferStats {
    return snapshot({
      status: this.status,
      wire: this.membership.stats(),
      tally: this.#opened?.tally,
      piecesHave: this.#opened?.content.have.count ?? 0,
      pieceCount: this.#metainfo?.pieceCount ?? 0,
      corruptInARow: this.#corruptInARow,
    })
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#end('stopped', this.#stopped())
    await this.#stopping
  }

  async remove(erase: { data: boolean }): Promise<readonly string[]> {
    if (this.#stopping) throw this.#stopped()
    // What an earlier run left is known once it has been looked at.
    await this.#beginning
    if (this.#stopping) throw this.#stopped()
    this.#stopping = this.#end('stopped', this.#stopped(), erase)
    return this.#stopping
  }

  #stopped(): P2pShareError {
    const name = this.#metainfo?.name ?? this.joining.name
    return new P2pShareError('ERR_STOPPED', `Sharing ${name} was stopped`)
  }

  #onState(state: TransferState): void {
    if (state === 'downloading' && this.#isDone) {
      this.#isDone = false
      this.#finished = new Outcome<void>()
    }
    this.#events.emit('state', state)
  }

  async #begin(metainfo: Metainfo): Promise<void> {
    this.#metainfo = metainfo
    this.status.set({ hasMetadata: true, isChecking: true })
    this.#metadata.resolve(metainfo)
    this.#init.onMetadata(metainfo)
    this.#events.emit('metadata', metainfo)
    try {
      const { signal } = this.ending
      const content = await this.joining.open(metainfo, error => this.#opened?.onLost(error), signal)
      if (signal.aborted) return void (await content.close())
      this.ending.forgetSignal()
      const lost = content.isAwaited ? await goneError(content.path) : undefined
      const opened = new OpenedTransfer(content, this)
      this.#opened = opened
      if (this.#openStreams) opened.feed(this.#openStreams)
      this.status.set({ isChecking: false })
      if (lost) opened.onLost(lost)
      opened.start()
      if (this.joining.looksAgain) void content.store.look()
      this.#opening.resolve(opened)
    } catch (error) {
      if (!this.ending.isEnded) void this.#fail(error)
    }
  }

  /** The torrent now has piece layers that it lacked. */
  async keep(metainfo: Metainfo): Promise<void> {
    this.#metainfo = metainfo
    await this.joining.saveTorrent?.(metainfo)
  }

  join(): EngineTorrent {
    return this.#init.join()
  }

  onHeld(isHeld: boolean): void {
    this.#init.onHeld(isHeld)
  }

  onMetadata(infoBytes: Uint8Array): void {
    try {
      void this.begin(this.joining.readInfo(infoBytes))
    } catch (error) {
      void this.#fail(error)
    }
  }

  onPiece(index: number): void {
    this.#corruptInARow = 0
    this.#opened?.onPiece(index)
    if (this.#events.listenerCount('progress') > 0) this.#events.emit('progress', this.stats())
  }

  onCorrupt(index: number): void {
    this.#corruptInARow++
    this.#events.emit('corrupt', index)
  }

  onComplete(): void {
    if (!this.#opened || this.status.facts.isComplete) return
    this.status.set({ isComplete: true })
    this.#isDone = true
    this.#finished.resolve()
    this.#events.emit('finished')
    this.#opened.onComplete()
  }

  onStalled(stalled: P2pShareError | undefined): void {
    this.status.set({ stalled })
  }

  onLayer(root: Hex, layer: Uint8Array): void {
    this.#opened?.onLayer(root, layer)
  }

  onBanned(address: string, reason: string): void {
    this.#events.emit('banned', address, reason)
  }

  onPeers(): void {
    this.given.look(() => this.membership.peers())
  }

  onFailed(error: P2pShareError): void {
    void this.#fail(error)
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#stopping) return
    const known =
      error instanceof P2pShareError
        ? error
        : new P2pShareError(
            'ERR_INTERNAL',
            `Sharing ${this.#metainfo?.name ?? this.joining.name} failed: ${String(error)}`,
            { cause: error },
          )
    this.#stopping = this.#end('failed', known)
    await this.#stopping
  }

  async #end(
    state: 'failed' | 'stopped',
    reason: P2pShareError,
    erase?: { data: boolean },
  ): Promise<readonly string[]> {
    this.ending.end(reason)
    for (const outcome of [this.#metadata, this.#finished, this.#opening]) outcome.reject(reason)
    this.#openStreams?.end(reason)
    await this.membership.leave()
    await this.#beginning
    const kept = (await this.#opened?.close(erase)) ?? []
    // A check that was under way may have joined anew.
    await this.membership.leave()
    await this.#init.onEnd()
    this.status.set({ ended: { state, reason: state === 'failed' ? reason : undefined } })
    return kept
  }
}
