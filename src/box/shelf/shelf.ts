import { EventEmitter } from 'node:events'
import {
  type CreatedTorrent,
  fewAtOnce,
  type Hex,
  mainInfoHash,
  P2pShareError,
  parseMetainfo,
  type SourceFile,
} from '../../core/index.ts'
import { addAgain, knownOf } from './add-again.ts'
import { applyLimits, applyPriorities, hasLimits } from './apply-change.ts'
import type { EntryChange, EntryMaterial, NewEntry } from './entry.ts'
import { findItem } from './find-item.ts'
import { freshEntry } from './fresh-entry.ts'
import { Item } from './item.ts'
import { ItemIndex } from './item-index.ts'
import { endItem } from './left-files.ts'
import { QueueTurns } from './queue-turns.ts'
import type { AddedItem, PutOptions, ShelfEvents, ShelfInit } from './shelf-init.ts'
import { startItem, whyNotStarted } from './start-item.ts'
import { Totals } from './totals.ts'

export type { PutOptions, ShelfEvents, ShelfInit } from './shelf-init.ts'

/** Begun at once while the box starts: more only wait for the disk. */
const startsAtOnce = 32
const saveEveryMs = 30_000

/** The transfers of a box: they outlive its process, each by itself. What one runs into never reaches another. */
export class Shelf extends EventEmitter<ShelfEvents> {
  readonly #init: ShelfInit
  readonly #items = new ItemIndex()
  readonly #now: () => number
  readonly #monotonicMs: () => number
  readonly #totals: Totals
  readonly #turns: QueueTurns
  /** Those that are being started: none is twice at once, nor forgotten meanwhile. */
  readonly #starting = new Map<Item, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #isStopped = false

  constructor(init: ShelfInit) {
    super()
    this.#init = init
    this.#now = init.now ?? Date.now
    this.#totals = new Totals(init.store, init.onProblem)
    this.#monotonicMs = init.monotonicMs ?? (() => performance.now())
    this.#turns = new QueueTurns({
      items: () => this.items(),
      limits: init.limits,
      nowMs: this.#monotonicMs,
      onChanged: item => this.emit('changed', item),
    })
  }

  /** Takes up all that was kept: resolves once each was begun, or could not be. */
  async restore(): Promise<void> {
    const { store, onProblem } = this.#init
    const entries = await store.all((id, error) => onProblem(`Transfer ${id} cannot be read`, error))
    for (const entry of entries) this.#items.put(new Item(entry))
    this.applyQueue()
    const start = (item: Item) => (this.#isStopped ? undefined : this.#start(item))
    await fewAtOnce(this.items(), start, startsAtOnce)
    if (this.#isStopped) return
    await this.#init.copies.sweep()
    this.#turns.start()
    this.#timer = setInterval(() => void this.#save(), saveEveryMs).unref()
  }

  items(): readonly Item[] {
    return this.#items.items()
  }

  /** By its number or its whole info-hash; `undefined` where there is none. */
  lookUp(reference: number | Hex): Item | undefined {
    return this.#items.lookUp(reference)
  }

  /**
   * As a person names it: by its number, its info-hash or the beginning of that, or its name.
   * @throws {P2pShareError} `ERR_NO_SUCH_TRANSFER`
   */
  find(reference: string | number): Item {
    return findItem(this, String(reference))
  }

  /** As {@link add}, for whom it is all the same whether it was there. */
  async get(id: string | Uint8Array, options: PutOptions): Promise<Item> {
    return (await this.add(id, options)).item
  }

  /**
   * Fetches a torrent and keeps it; one that is there already is given the labels and peers, and else left as it is.
   *
   * @param id a magnet link, an info-hash, the path or http(s) URL of a .torrent, or its bytes
   * @throws {P2pShareError} as `Swarm.get`
   */
  async add(id: string | Uint8Array, options: PutOptions): Promise<AddedItem> {
    this.#checkRunning()
    const { swarm, downloads, terms } = this.#init
    const { folder = downloads(), peers, select, origin } = options
    const what = typeof id === 'string' ? id : parseMetainfo(id)
    const before = knownOf(this, what)
    if (before) return this.#addAgain(before, options)
    const transfer = await swarm.get(what, { ...terms?.(origin), out: folder, peers, select })
    const known = this.lookUp(transfer.infoHash)
    if (known) return this.#addAgain(known, options, transfer)
    const magnet = typeof id !== 'string' ? '' : /^magnet:/i.test(id) ? id : transfer.magnetLink
    const { infoHash, name, metainfo } = transfer
    const source = { kind: 'get', magnet, folder, path: '' } as const
    const entry = freshEntry({ infoHash, name, source }, options, this.#now())
    const { item, isNew } = await this.#keep(entry, { torrent: metainfo?.bytes, files: [] }, transfer)
    if (!isNew) return this.#addAgain(item, options, transfer)
    this.#follow(item, transfer, { isNew })
    return { item, isNew }
  }

  /** Shares files that a torrent was made of, and keeps it; what is there already is given the labels. */
  async share(created: CreatedTorrent, options: PutOptions): Promise<Item> {
    this.#checkRunning()
    const { metainfo, bytes, sources } = created
    const known = knownOf(this, metainfo)
    if (known) return (await this.#addAgain(known, options)).item
    const source = { kind: 'share', magnet: '', folder: '', path: options.path ?? '' } as const
    const what = { infoHash: mainInfoHash(metainfo), name: metainfo.name, source }
    const entry = freshEntry(what, options, this.#now())
    const { item, isNew } = await this.#keep(entry, { torrent: bytes, files: sources })
    await this.#start(item, { isNew })
    return item
  }

  async pause(item: Item): Promise<void> {
    await this.change(item, { isPaused: true })
  }

  /** Lets it run again, also one that failed or has given enough. */
  async resume(item: Item): Promise<void> {
    const isResting = item.hold === 'resting'
    await this.change(item, { isPaused: false, ...(isResting && { goals: { ratio: 0, seedMs: 0 } }) })
    if (item.problem || item.transfer?.state === 'failed') await this.#startAnew(item)
  }

  /** @throws {P2pShareError} as `Transfer.setFilePriorities`, nothing is changed then; `ERR_DATABASE` */
  async change(item: Item, change: EntryChange): Promise<void> {
    if (change.priorities) await applyPriorities(item, change.priorities, this.#init.onProblem)
    await this.changeAll(new Map([[item, change]]))
  }

  /** Many at once, all of them or none. @throws {P2pShareError} `ERR_DATABASE` */
  async changeAll(changes: ReadonlyMap<Item, Omit<EntryChange, 'priorities'>>): Promise<void> {
    if (changes.size === 0) return
    await this.#init.store.changeAll(new Map([...changes].map(([{ id }, change]) => [id, change])))
    for (const [item, change] of changes) {
      item.entry = { ...item.entry, ...change }
      if (change.limits) applyLimits(item)
    }
    this.#turns.look(changes.keys())
    for (const item of changes.keys()) this.emit('changed', item)
  }

  /**
   * Stops and forgets one. With `data` its files are deleted, those alone that it wrote itself; files that are shared from where they
   * are never are.
   *
   * @returns with `data`, the files that stay all the same
   */
  async remove(item: Item, { data = false }: { data?: boolean } = {}): Promise<readonly string[]> {
    this.#items.delete(item)
    const sources = data ? await this.sources(item) : []
    await this.#init.store.remove(item.id)
    // One that is starting would go on running else, and nobody would know of it.
    await this.#starting.get(item)
    const left = await endItem(item, { sources, copies: this.#init.copies, data })
    this.#turns.look([])
    this.emit('removed', item)
    return left
  }

  /** The files that something is shared from. */
  sources(item: Item): Promise<readonly SourceFile[]> {
    return this.#init.store.files(item.id)
  }

  /** What is shared is read from other files from now on, which hold the same. */
  async relocate(item: Item, files: readonly SourceFile[]): Promise<void> {
    await this.#init.store.keepFiles(item.id, files)
    await this.#init.copies.holdInstead(item.id, files)
    await this.#startAnew(item)
    await this.#init.copies.sweep()
  }

  /** Holds back what is shared from a place that is not there now, until that is said to be back. */
  setMissing(items: readonly Item[], reason: P2pShareError | undefined): void {
    for (const item of items) item.missing = reason
    this.#turns.look(items)
  }

  /** Holds those back whose turn it is not, and lets the others run: after the settings have changed. */
  applyQueue(): void {
    this.#turns.lookAtAll()
  }

  /** Leaves everything as it is, for the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#turns.stop()
    clearInterval(this.#timer)
    await this.#save({ isLast: true })
  }

  #save(options?: { readonly isLast: boolean }): Promise<void> {
    return this.#totals.save(this.items(), this.#monotonicMs(), options)
  }

  async #addAgain(item: Item, options: PutOptions, joined?: Item['transfer']): Promise<AddedItem> {
    await this.#starting.get(item)
    return addAgain(this, item, options, joined)
  }

  /** @param transfer of it, where it runs already */
  async #keep(entry: NewEntry, material: EntryMaterial, transfer?: Item['transfer']): Promise<AddedItem> {
    const kept = await this.#init.store.add(entry, material)
    const known = this.#items.lookUp(kept.id)
    if (known) return { item: known, isNew: false }
    const item = new Item(kept)
    item.transfer = transfer
    this.#items.put(item)
    this.#turns.look([item])
    return { item, isNew: true }
  }

  #start(item: Item, { isNew = false } = {}): Promise<void> {
    const known = this.#starting.get(item)
    if (known || item.transfer || !this.#items.has(item)) return known ?? Promise.resolve()
    const starting = this.#startNow(item, isNew).finally(() => this.#starting.delete(item))
    this.#starting.set(item, starting)
    return starting
  }

  async #startNow(item: Item, isNew: boolean): Promise<void> {
    try {
      const { swarm, store, terms, copies } = this.#init
      const material = await store.material(item.id)
      await copies.hold(item.id, material.files)
      const transfer = await startItem(swarm, item.entry, material, terms?.(item.entry.origin))
      this.#follow(item, transfer, { isNew })
    } catch (error) {
      if (!this.#items.has(item)) return
      item.problem = whyNotStarted(error)
      if (isNew) this.emit('added', item)
      this.#turns.look([item])
      this.#init.onProblem(`${item.name} cannot be started`, error)
    }
    this.emit('changed', item)
  }

  async #startAnew(item: Item): Promise<void> {
    await item.transfer?.stop()
    item.leave(this.#monotonicMs())
    await this.#start(item)
    this.#turns.look([item])
  }

  /** @param isNew tells of it, which whoever hears can ask for its path and size then */
  #follow(item: Item, transfer: NonNullable<Item['transfer']>, { isNew }: { isNew: boolean }): void {
    item.transfer = transfer
    if (isNew) this.emit('added', item)
    if (item.hold) transfer.pause()
    if (hasLimits(item)) applyLimits(item)
    const onState = () => {
      const isSeeding = transfer.state === 'seeding'
      item.onSeeding(isSeeding, this.#monotonicMs())
      if (isSeeding && !item.isDone && item.hasWanted) void this.#onDone(item)
      if (transfer.state === 'failed' || transfer.state === 'missing') this.#turns.look([item])
      this.emit('changed', item)
    }
    transfer.on('state', onState)
    transfer.once('metadata', ({ name, bytes }) => {
      const keeping = Promise.all([this.#init.store.keepTorrent(item.id, bytes), this.change(item, { name })])
      keeping.catch(error => this.#init.onProblem(`The torrent of ${name} cannot be kept`, error))
    })
    onState()
  }

  async #onDone(item: Item): Promise<void> {
    const doneAt = this.#now()
    item.entry = { ...item.entry, doneAt }
    await this.#init.store
      .change(item.id, { doneAt })
      .catch(error => this.#init.onProblem(`That ${item.name} is done cannot be kept`, error))
    this.emit('done', item)
    this.#turns.look([item])
  }

  #checkRunning(): void {
    if (this.#isStopped) throw new P2pShareError('ERR_STOPPED', 'The box was stopped: start it again')
  }
}
