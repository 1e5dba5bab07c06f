import type { EventEmitter } from 'node:events'
import { type Metainfo, P2pShareError } from '../core/index.ts'
import { GivenPeers } from './channels.ts'
import { Membership } from './membership.ts'
import { OpenedTransfer } from './opened-transfer.ts'
import { FileStreams } from './stream/file-streams.ts'
import type { TransferEvents } from './transfer-events.ts'
import type { TransferInit } from './transfer-init.ts'
import type { TransferState } from './transfer-state.ts'
import { snapshot, type TransferStats } from './transfer-stats.ts'
import { TransferStatus } from './transfer-status.ts'

/** How a transfer goes, from joining its swarm to its end: what the engine tells of it, in the order of its states. */
export class TransferRun {
  readonly membership: Membership
  readonly status = new TransferStatus(state => this.#onState(state))
  readonly given: GivenPeers
  readonly streams = new FileStreams()
  readonly #init: TransferInit
  readonly #events: EventEmitter<TransferEvents>
  readonly #ending = new AbortController()
  readonly #metadata = Promise.withResolvers<Metainfo>()
  readonly #opening = Promise.withResolvers<OpenedTransfer>()
  #finished = Promise.withResolvers<void>()
  #opened: OpenedTransfer | undefined
  #metainfo: Metainfo | undefined
  #corruptInARow = 0
  #isDone = false
  #beginning: Promise<void> | undefined
  #stopping: Promise<readonly string[]> | undefined

  /** @param events where the transfer tells of itself */
  constructor(init: TransferInit, events: EventEmitter<TransferEvents>) {
    this.#init = init
    this.#events = events
    this.given = new GivenPeers(init.givenPeers)
    const { promise: metadata } = this.#metadata
    for (const promise of [metadata, this.#finished.promise, this.#opening.promise]) promise.catch(() => {})
    const membership = new Membership(init.join)
    this.membership = membership
    membership.on('metadata', infoBytes => this.#onInfo(infoBytes))
    membership.on('piece', index => this.#onPiece(index))
    membership.on('complete', () => this.#onComplete())
    membership.on('corrupt', index => this.#onCorrupt(index))
    membership.on('stalled', stalled => this.status.set({ stalled }))
    membership.on('flowing', () => this.status.set({ stalled: undefined }))
    membership.on('layer', (root, layer) => this.#opened?.onLayer(root, layer))
    membership.on('banned', (address, reason) => this.#events.emit('banned', address, reason))
    membership.on('failed', error => void this.#fail(error))
    membership.on('peers', () => this.given.look(() => membership.peers()))
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

  begin(metainfo: Metainfo): Promise<void> {
    this.#beginning ??= this.#begin(metainfo)
    return this.#beginning
  }

  /** Pauses because somebody asked for it, or goes on. */
  hold(isHeld: boolean): void {
    if (this.#ending.signal.aborted) return
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
    const name = this.#metainfo?.name ?? this.#init.name
    return new P2pShareError('ERR_STOPPED', `Sharing ${name} was stopped`)
  }

  #onState(state: TransferState): void {
    if (state === 'downloading' && this.#isDone) {
      this.#isDone = false
      this.#finished = Promise.withResolvers<void>()
      this.#finished.promise.catch(() => {})
    }
    this.#events.emit('state', state)
  }

  #onInfo(infoBytes: Uint8Array): void {
    try {
      void this.begin(this.#init.readInfo(infoBytes))
    } catch (error) {
      void this.#fail(error)
    }
  }

  async #begin(metainfo: Metainfo): Promise<void> {
    this.#metainfo = metainfo
    this.status.set({ hasMetadata: true, isChecking: true })
    this.#metadata.resolve(metainfo)
    this.#events.emit('metadata', metainfo)
    try {
      const { signal } = this.#ending
      const content = await this.#init.open(metainfo, error => this.#opened?.onLost(error), signal)
      if (signal.aborted) return void (await content.close())
      const opened = new OpenedTransfer({
        content,
        membership: this.membership,
        status: this.status,
        streams: this.streams,
        webSeeds: this.#init.webSeeds,
        allowsPrivate: this.#init.allowsPrivate,
        ending: signal,
        saveTorrent: found => this.#keep(found),
      })
      this.#opened = opened
      this.status.set({ isChecking: false })
      opened.start()
      this.#opening.resolve(opened)
    } catch (error) {
      if (!this.#ending.signal.aborted) void this.#fail(error)
    }
  }

  /** The torrent now has piece layers that it lacked. */
  async #keep(metainfo: Metainfo): Promise<void> {
    this.#metainfo = metainfo
    await this.#init.saveTorrent?.(metainfo)
  }

  #onPiece(index: number): void {
    this.#corruptInARow = 0
    this.#opened?.onPiece(index)
    if (this.#events.listenerCount('progress') > 0) this.#events.emit('progress', this.stats())
  }

  #onCorrupt(index: number): void {
    this.#corruptInARow++
    this.#events.emit('corrupt', index)
  }

  #onComplete(): void {
    if (!this.#opened || this.status.facts.isComplete) return
    this.status.set({ isComplete: true })
    this.#isDone = true
    this.#finished.resolve()
    this.#events.emit('finished')
    this.#opened.onComplete()
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#stopping) return
    const known =
      error instanceof P2pShareError
        ? error
        : new P2pShareError(
            'ERR_INTERNAL',
            `Sharing ${this.#metainfo?.name ?? this.#init.name} failed: ${String(error)}`,
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
    this.#ending.abort(reason)
    for (const { reject } of [this.#metadata, this.#finished, this.#opening]) reject(reason)
    this.streams.end(reason)
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
