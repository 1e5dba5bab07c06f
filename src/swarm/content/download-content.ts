import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import {
  type AbortOptions,
  Bitfield,
  fileSystemError,
  type Hex,
  type Metainfo,
  mainInfoHash,
  P2pShareError,
  piecesOf,
} from '../../core/index.ts'
import { type DownloadTarget, locationOf } from '../download-target.ts'
import { type FileStamp, FileStore, type StoredFile, stampOf } from '../store/file-store.ts'
import { lockPath, type PathLock } from '../store/path-lock.ts'
import type { ResumeFolder, ResumeRecord } from '../store/resume.ts'
import { areAsStamped, type CheckOptions, type Content, type DownloadControl, isReal } from './content.ts'
import { eraseFiles } from './erase-files.ts'
import { heldPieces, verifyAll } from './held-pieces.ts'
import { moveFiles } from './move-files.ts'
import { placePart } from './place-part.ts'

export interface DownloadContentInit {
  readonly resume: ResumeFolder
  readonly lockFolder: string
  readonly wantedFiles: readonly number[]
  readonly onLost: (error: P2pShareError) => void
}

/** The content of a download: written, remembered for the next start, and ours to move and delete. */
export class DownloadContent implements Content, DownloadControl {
  readonly metainfo: Metainfo
  readonly download = this
  readonly #init: DownloadContentInit
  readonly #infoHash: Hex
  readonly #placed: Set<number>
  readonly #foreign: ReadonlySet<number>
  readonly #locations: (string | undefined)[]
  readonly #stamps: (FileStamp | undefined)[]
  #path: string
  #lock: PathLock
  #store: FileStore
  #have: Bitfield
  #wantedFiles: readonly number[]
  #isClosed = false

  private constructor(
    metainfo: Metainfo,
    { path, lock }: DownloadTarget,
    init: DownloadContentInit,
    { placed, foreign }: { placed: Set<number>; foreign: Set<number> },
  ) {
    this.metainfo = metainfo
    this.#init = init
    this.#infoHash = mainInfoHash(metainfo)
    this.#path = path
    this.#lock = lock
    this.#placed = placed
    this.#foreign = foreign
    this.#wantedFiles = init.wantedFiles
    this.#locations = metainfo.files.map((_, index) => this.#locationAt(path, index))
    this.#stamps = []
    this.#have = new Bitfield(metainfo.pieceCount)
    this.#store = new FileStore({ files: [] })
  }

  /** Opens the content of a download where an earlier run left it; hashes only what changed since. */
  static async open(
    metainfo: Metainfo,
    target: DownloadTarget,
    init: DownloadContentInit,
    options: CheckOptions = {},
  ): Promise<DownloadContent> {
    const { record, found } = target
    const here = found ? await filesAt(metainfo, target.path) : new Set(record?.placed)
    const placed = new Set([...here, ...init.wantedFiles])
    const foreign = found ? here : new Set(record?.foreign)
    const content = new DownloadContent(metainfo, target, init, { placed, foreign })
    await content.#open(record, found, options)
    return content
  }

  get path(): string {
    return this.#path
  }

  get store(): FileStore {
    return this.#store
  }

  get have(): Bitfield {
    return this.#have
  }

  get wanted(): Bitfield {
    return piecesOf(this.metainfo, this.#wantedFiles)
  }

  get wantedFiles(): readonly number[] {
    return this.#wantedFiles
  }

  async save({ isFlushed }: { isFlushed: boolean }): Promise<void> {
    if (this.#isClosed) return
    // The pieces are counted before the files are looked at: a piece written in between is hashed again, never missed.
    const have = new Bitfield(this.#have.length, this.#have.bytes)
    await this.#restamp()
    await this.#init.resume.save({ ...this.#record(), have, isFlushed })
  }

  async seal(): Promise<void> {
    await this.#restamp()
    const sealed = this.#wantedFiles.flatMap(index => {
      const stamp = this.#stamps[index]
      return stamp ? [[index, stamp] as const] : []
    })
    this.#store.seal(new Map(sealed))
    if (!this.#usesParts()) await rm(this.#parts(this.#path), { force: true, recursive: true })
  }

  isBack(): Promise<boolean> {
    return areAsStamped(this.#files(), new Map(this.#wantedFiles.map(index => [index, this.#stamps[index]])))
  }

  async verify(options: CheckOptions): Promise<void> {
    this.#store.unseal()
    // With no file open: what was put in the place of one is what counts from now on.
    await this.#store.suspend(async () => {
      await this.#stampAll()
      this.#have = await verifyAll({ metainfo: this.metainfo, locations: this.#locations }, options)
      return undefined
    })
    await this.save({ isFlushed: false })
  }

  async select(files: readonly number[]): Promise<void> {
    const { metainfo } = this
    const fresh = files.filter(index => !this.#placed.has(index) && isReal(metainfo.files[index]!))
    for (const index of fresh) await this.#place(index)
    this.#wantedFiles = [...files]
    this.#store.unseal()
    await this.#store.createEmpty(files)
    await this.save({ isFlushed: false })
  }

  async moveTo(folder: string, { signal }: AbortOptions = {}): Promise<void> {
    const [from, to] = [this.#path, join(resolve(folder), basename(this.#path))]
    if (from === to) return
    await mkdir(dirname(to), { recursive: true }).catch((error: unknown) => {
      throw fileSystemError(error, dirname(to), 'write')
    })
    const { resume, lockFolder } = this.#init
    const lock = await lockPath(lockFolder, to, this.#infoHash)
    if ('pid' in lock)
      throw new P2pShareError(
        'ERR_HOME_LOCKED',
        `Another p2pshare (process ${lock.pid}) is fetching ${to}: stop it`,
      )
    const before = await resume.load(this.#infoHash, to)
    try {
      await this.#store.suspend(() => this.#move(from, to, before !== undefined, signal))
    } catch (error) {
      if (!before) await resume.forget(this.#infoHash, to).catch(() => {})
      await lock.release()
      throw error
    }
    const old = this.#lock
    this.#lock = lock
    await this.save({ isFlushed: false })
    await resume.forget(this.#infoHash, from)
    await old.release()
  }

  async erase({ data }: { data: boolean }): Promise<readonly string[]> {
    if (this.#isClosed) return []
    await this.#restamp()
    this.#isClosed = true
    await this.#store.close()
    const { resume } = this.#init
    const kept = data
      ? await eraseFiles(this.#ownFiles(), this.metainfo.isAlbum ? this.#path : undefined)
      : []
    await resume.forget(this.#infoHash, this.#path)
    for (const hash of [this.metainfo.infoHash, this.metainfo.infoHashV2])
      if (hash) await resume.forgetTorrent(hash)
    await this.#lock.release()
    return kept
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#store.close()
    await this.#lock.release()
  }

  async #open(
    record: DownloadTarget['record'],
    found: Bitfield | undefined,
    options: CheckOptions,
  ): Promise<void> {
    const { metainfo } = this
    await this.#stampAll()
    options.signal?.throwIfAborted()
    const now = { metainfo, locations: this.#locations, stamps: this.#stamps, placed: this.#placed }
    this.#have = found ?? (await heldPieces(now, record, options))
    const existing = new Set(this.#stamps.keys().filter(index => this.#stamps[index] !== undefined))
    const { onLost } = this.#init
    this.#store = new FileStore({
      files: this.#files(),
      root: rootOf(metainfo, this.#path),
      existing,
      onLost,
    })
    // The record makes the path ours, so that it must be there before anything is written: else a crash would leave files
    // behind that nobody dares to go on with.
    if (!this.#have.isFull || !record?.isFlushed) await this.save({ isFlushed: false })
    await this.#store.createEmpty(this.#wantedFiles)
  }

  /** Moves a file out of the parts, into its own place. */
  async #place(index: number): Promise<void> {
    const part = this.#locations[index]!
    const location = locationOf(this.metainfo, this.#path, this.metainfo.files[index]!.path)
    const wanted = this.wanted
    // A wanted piece may have been written a moment ago and not be counted as held yet.
    const isThere = (piece: number) => this.#have.has(piece) || wanted.has(piece)
    await this.#store.suspend(async () => {
      const hasContent = await placePart(this.metainfo, index, isThere, part, location)
      return { locations: new Map([[index, location]]), existing: hasContent ? [index] : [] }
    })
    this.#locations[index] = location
    this.#placed.add(index)
    this.#stamps[index] = await stampOf(location)
  }

  async #move(from: string, to: string, isGoingOn: boolean, signal: AbortSignal | undefined) {
    const { metainfo } = this
    const { resume } = this.#init
    await this.#restamp()
    const locations = metainfo.files.map((_, index) => this.#locationAt(to, index))
    const partsOf = (path: string) => this.#parts(path)
    await rm(partsOf(to), { force: true, recursive: true })
    // Makes the place ours before anything is there; whatever happens then, one of the two records is of what is there.
    await resume.save({ ...this.#record(), path: to, isFlushed: false })
    await moveFiles({
      from,
      to,
      isAlbum: metainfo.isAlbum,
      files: this.#ownFiles(true),
      isGoingOn,
      // Part files stay where they are until the copy is known to be good.
      verify: () => {
        const copied = locations.map((location, index) =>
          this.#placed.has(index) ? location : this.#locations[index],
        )
        return verifyAll({ metainfo, locations: copied }, { signal }, this.#have)
      },
      have: this.#have,
      signal,
    })
    await rename(partsOf(from), partsOf(to)).catch(() => {})
    this.#path = to
    this.#locations.splice(0, Number.POSITIVE_INFINITY, ...locations)
    await this.#stampAll()
    const moved = locations.flatMap((location, index) => (location ? [[index, location] as const] : []))
    const existing = moved.flatMap(([index]) => (this.#stamps[index] ? [index] : []))
    return { locations: new Map(moved), existing, root: rootOf(metainfo, to) }
  }

  #record(): ResumeRecord {
    return {
      infoHash: this.#infoHash,
      path: this.#path,
      have: this.#have,
      wanted: this.#wantedFiles,
      placed: [...this.#placed],
      foreign: [...this.#foreign],
      stamps: this.#stamps,
      isFlushed: false,
    }
  }

  /** Files in their own place that we wrote; with `all`, those that were there before too. */
  #ownFiles(all = false) {
    return [...this.#placed].flatMap(index => {
      const location = this.#locations[index]
      if (location === undefined || (!all && this.#foreign.has(index))) return []
      return [{ location, stamp: this.#stamps[index] }]
    })
  }

  #usesParts(): boolean {
    return this.metainfo.files.some((file, index) => isReal(file) && !this.#placed.has(index))
  }

  #parts(path: string): string {
    return this.#init.resume.partFolder(this.#infoHash, path)
  }

  #locationAt(path: string, index: number): string | undefined {
    const file = this.metainfo.files[index]!
    if (!isReal(file)) return undefined
    return this.#placed.has(index)
      ? locationOf(this.metainfo, path, file.path)
      : join(this.#parts(path), String(index))
  }

  #files(): StoredFile[] {
    return this.metainfo.files.map(({ offset, sizeBytes }, index) => {
      return { location: this.#locations[index], offset, sizeBytes }
    })
  }

  async #restamp(): Promise<void> {
    for (const index of this.#store.takeWritten()) await this.#stamp(index)
  }

  async #stampAll(): Promise<void> {
    await Promise.all(this.metainfo.files.map((_, index) => this.#stamp(index)))
  }

  async #stamp(index: number): Promise<void> {
    const location = this.#locations[index]
    this.#stamps[index] = location === undefined ? undefined : await stampOf(location)
  }
}

function rootOf({ isAlbum }: Metainfo, path: string): string {
  return isAlbum ? path : join(path, '..')
}

/** Indexes of the files of a torrent that are in their place below a path. */
async function filesAt(metainfo: Metainfo, path: string): Promise<Set<number>> {
  const here = new Set<number>()
  for (const [index, file] of metainfo.files.entries()) {
    if (isReal(file) && (await stampOf(locationOf(metainfo, path, file.path)))) here.add(index)
  }
  return here
}
