import { type AbortOptions, type Bitfield, type Metainfo, P2pShareError } from '../core/index.ts'
import { type CheckOptions, type Content, type DownloadControl, isReal } from './content/content.ts'
import { ContentSaver } from './content-saver.ts'
import type { Ending } from './ending.ts'
import type { TorrentContent } from './engine.ts'
import { LayerSaver } from './layer-saver.ts'
import type { LostWatch } from './lost-watch.ts'
import type { Membership } from './membership.ts'
import type { ChunkStore } from './store/chunk-store.ts'
import { lossAt } from './store/file-stamp.ts'
import type { FileStreams } from './stream/file-streams.ts'
import { levelsOf, Tally } from './tally.ts'
import type { TransferStatus } from './transfer-status.ts'

/** The transfer that the files are of. */
export interface OpenedTransferHost {
  readonly membership: Membership
  readonly status: TransferStatus
  /** Those who read files, once there was one. */
  readonly openStreams: FileStreams | undefined
  readonly joining: { readonly webSeeds: readonly string[]; readonly allowsPrivate: boolean }
  readonly ending: Ending
  /** Looks for the lost files of all transfers. */
  readonly lostWatch: LostWatch
  /** Keeps the torrent, which got piece layers that it lacked. */
  keep(metainfo: Metainfo): Promise<void>
}

const unchanged: ReadonlyMap<number, number> = new Map()

/** A transfer whose files are open: what is counted, remembered and done with them. */
export class OpenedTransfer {
  readonly content: Content
  readonly #host: OpenedTransferHost
  readonly #saver: ContentSaver | undefined
  #layers: LayerSaver | undefined
  #priorities: ReadonlyMap<number, number> = unchanged
  #leaveLost: (() => void) | undefined
  #tally: Tally
  #lastWork: Promise<unknown> | undefined

  constructor(content: Content, host: OpenedTransferHost) {
    this.#host = host
    this.content = content
    this.#tally = new Tally(content)
    if (content.download) this.#saver = new ContentSaver(content)
  }

  get tally(): Tally {
    return this.#tally
  }

  /** Gives the files to those who read. */
  feed(streams: FileStreams): void {
    const { content } = this
    const { membership } = this.#host
    streams.begin({
      metainfo: content.metainfo,
      store: content.store,
      get have() {
        return content.have
      },
      hurry: (reader, pieces) => membership.hurry(reader, pieces),
      select: index => this.#see(index),
    })
  }

  /** Begins to fetch and serve. */
  start(): void {
    this.#host.membership.begin(new Offer(this.content, this.#host, this.#levels()))
  }

  onPiece(index: number): void {
    this.#tally.onPiece(index)
    this.#host.openStreams?.onPiece(index)
    this.#saver?.onPiece()
  }

  onComplete(): void {
    this.#saver?.onComplete()
  }

  onLayer(root: string, layer: Uint8Array): void {
    this.#layers ??= new LayerSaver({
      metainfo: this.content.metainfo,
      save: found => this.#host.keep(found),
    })
    this.#layers.add(root, layer)
  }

  /** Files are gone or changed: nothing is served until they are back. */
  onLost(error: P2pShareError): void {
    const { membership, status, lostWatch, ending } = this.#host
    if (ending.isEnded || !this.#isRunning) return
    status.set({ lost: error })
    membership.hold('missing')
    this.content.letGo()
    this.#leaveLost?.()
    this.#leaveLost = lostWatch.watch(this.content, () => {
      if (this.content.isAwaited) return this.#takeUp()
      membership.release('missing')
      status.set({ lost: undefined })
    })
  }

  /** Looks whether the files are there and as they were, unless nothing is done with them; answers how many it looked at. */
  async look(): Promise<number> {
    if (!this.#isRunning) return 0
    const { content } = this
    const amiss = await content.findAmiss(undefined)
    if (amiss !== undefined) this.onLost(await lossAt(content.locationAt(amiss)))
    else if (content.isAwaited) this.#takeUp()
    return content.wantedFiles.length
  }

  /** @param priorities by file: 0 for not wanted, 1 (last) to 7 (first) */
  setPriorities(priorities: ReadonlyMap<number, number>): Promise<void> {
    return this.#alone(() => this.#setPriorities(priorities))
  }

  /** Leaves the swarm, hashes everything, and goes on with what it found. */
  recheck(options: CheckOptions): Promise<void> {
    return this.#alone(() => this.#recheck(options))
  }

  move(folder: string, options: AbortOptions): Promise<void> {
    return this.#alone(() => this.#move(folder, options))
  }

  /** @param erase deletes instead of keeping: see `DownloadControl.erase`, whose answer this gives */
  async close(erase: { data: boolean } | undefined): Promise<readonly string[]> {
    this.#leaveLost?.()
    await this.#lastWork
    await Promise.all([this.#saver?.stop(), this.#layers?.stop()])
    const { download } = this.content
    if (erase && download) return download.erase(erase)
    await this.content.close()
    return []
  }

  async #setPriorities(priorities: ReadonlyMap<number, number>): Promise<void> {
    const { content } = this
    const download = ownDownload(content)
    checkPriorities(content.metainfo, priorities)
    const wanted = new Set(content.wantedFiles)
    for (const [index, priority] of priorities) {
      if (priority === 0) wanted.delete(index)
      else wanted.add(index)
    }
    const files = [...wanted].sort((a, b) => a - b)
    if (files.length !== content.wantedFiles.length || content.wantedFiles.some(index => !wanted.has(index)))
      await download.select(files)
    this.#priorities = new Map([...this.#priorities, ...priorities])
    const { membership, status } = this.#host
    this.#tally = new Tally(content)
    status.set({ isComplete: status.facts.isComplete && this.#isComplete() })
    membership.want(content.wanted, this.#levels())
  }

  async #recheck(options: CheckOptions): Promise<void> {
    const { membership, status, ending } = this.#host
    status.set({ isChecking: true })
    try {
      await membership.leave()
      await this.content.verify(this.#untilEnd(options))
    } finally {
      if (!ending.isEnded) await this.#resume()
    }
  }

  async #resume(): Promise<void> {
    const { membership, status, openStreams } = this.#host
    this.#leaveLost?.()
    this.#tally = new Tally(this.content)
    membership.release('missing')
    await membership.rejoin()
    status.set({ isChecking: false, isComplete: false, lost: undefined, stalled: undefined })
    this.start()
    openStreams?.refresh()
  }

  async #move(folder: string, options: AbortOptions): Promise<void> {
    const { membership, status } = this.#host
    const download = ownDownload(this.content)
    status.set({ isChecking: true })
    membership.hold('moving')
    try {
      await download.moveTo(folder, this.#untilEnd(options))
    } finally {
      membership.release('moving')
      status.set({ isChecking: false })
    }
  }

  /** One change at a time, and none once the transfer ends. */
  #alone(work: () => Promise<void>): Promise<void> {
    const { ending } = this.#host
    const begin = () => {
      ending.throwIfEnded()
      return work()
    }
    const done = (this.#lastWork ?? Promise.resolve()).then(begin)
    this.#lastWork = done.catch(() => {})
    return done
  }

  #untilEnd<T extends AbortOptions>(options: T): T {
    const { signal } = this.#host.ending
    return { ...options, signal: options.signal ? AbortSignal.any([options.signal, signal]) : signal }
  }

  /** What was awaited is there: what of it has changed is hashed. */
  #takeUp(): void {
    const takeUp = async () => {
      if (this.content.isAwaited) await this.#recheck({})
    }
    void this.#alone(takeUp).catch(() => {})
  }

  get #isRunning(): boolean {
    const { state } = this.#host.status
    return state === 'seeding' || state === 'downloading'
  }

  #isComplete(): boolean {
    return this.#tally.haveBytes === this.#tally.sizeBytes
  }

  /** Without a choice all are alike, which spares the engine a byte a piece. */
  #levels(): Uint8Array | undefined {
    if (this.#priorities.size === 0) return undefined
    return levelsOf(this.content.metainfo, this.content.wantedFiles, this.#priorities)
  }

  /** Somebody wants to read a file: it is fetched too from now on. */
  async #see(index: number): Promise<void> {
    if (!this.#tally.isWanted(index)) await this.setPriorities(new Map([[index, 4]]))
  }
}

/** The files as the engine gets them. They are made ready when it asks for them, for it may never. */
class Offer implements TorrentContent {
  readonly have: Bitfield
  readonly levels: Uint8Array | undefined
  readonly #content: Content
  readonly #host: OpenedTransferHost

  constructor(content: Content, host: OpenedTransferHost, levels: Uint8Array | undefined) {
    this.have = content.have
    this.levels = levels
    this.#content = content
    this.#host = host
  }

  get metainfo(): Metainfo {
    return this.#content.metainfo
  }

  get store(): ChunkStore {
    return this.#content.store
  }

  get wanted(): Bitfield {
    return this.#content.wanted
  }

  get webSeeds(): readonly string[] {
    return this.#host.joining.webSeeds
  }

  get allowsPrivate(): boolean {
    return this.#host.joining.allowsPrivate
  }

  onVerified(piece: number, bytes: Buffer): void {
    this.#host.openStreams?.onVerified(piece, bytes)
  }
}

/** @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for files that somebody shares, which are only ever read */
function ownDownload({ download, path }: Content): DownloadControl {
  if (download) return download
  throw new P2pShareError('ERR_INVALID_ARGUMENT', `${path} is shared from where it is, and only ever read`)
}

function checkPriorities(metainfo: Metainfo, priorities: ReadonlyMap<number, number>): void {
  for (const [index, priority] of priorities) {
    const file = metainfo.files[index]
    if (!file || !isReal(file))
      throw new P2pShareError('ERR_NO_SUCH_FILE', `${metainfo.name} has no file ${index}`)
    if (!Number.isInteger(priority) || priority < 0 || priority > 7)
      throw new P2pShareError('ERR_INVALID_ARGUMENT', `A file's priority is 0 to 7, not ${priority}`)
  }
}
