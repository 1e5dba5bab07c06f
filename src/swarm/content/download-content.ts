import { rm } from 'node:fs/promises'
import {
  type AbortOptions,
  Bitfield,
  type Hex,
  type Metainfo,
  mainInfoHash,
  piecesOf,
} from '../../core/index.ts'
import type { DownloadTarget } from '../download-target.ts'
import { goneError } from '../store/file-stamp.ts'
import { FileStore } from '../store/file-store.ts'
import type { PathLock } from '../store/path-lock.ts'
import type { ResumeRecord } from '../store/resume.ts'
import { type CheckOptions, type Content, type DownloadControl, isReal } from './content.ts'
import type { DownloadContentInit } from './download-content-init.ts'
import { eraseFiles } from './erase-files.ts'
import { FilePlaces, filesAt, noIndexes } from './file-places.ts'
import { findGone, findNoneThere, findUnlike } from './find-amiss.ts'
import { flushFile } from './flush-file.ts'
import { heldPieces, isSameRecord, verifyAll, wholeFiles } from './held-pieces.ts'
import { moveDownload, pathIn } from './move-download.ts'
import { placeFile } from './place-part.ts'

/** The content of a download: written, remembered for the next start, and ours to move and delete. */
export class DownloadContent implements Content, DownloadControl {
  readonly metainfo: Metainfo
  readonly download = this
  /** How long the .torrent is that is known to be kept. */
  torrentBytes = 0
  readonly #init: DownloadContentInit
  readonly #infoHash: Hex
  #places: FilePlaces
  #lock: PathLock
  #have: Bitfield
  #wantedFiles: readonly number[]
  /** Not there before the first byte is read or written, for there may be many thousands that nobody asks for. */
  #store: FileStore | undefined
  #isSealed = false
  #awaited: DownloadContentInit['awaited']
  /** Files that were written and then were not there to be looked at. */
  #unstamped = noIndexes
  #isClosed = false
  #saving: Promise<void> | undefined
  /** What the record on the disk says; `undefined` where it may be of something else. */
  #saved: { readonly count: number; readonly isFlushed: boolean } | undefined

  private constructor(places: FilePlaces, have: Bitfield, lock: PathLock, init: DownloadContentInit) {
    this.metainfo = places.metainfo
    this.#init = init
    this.#infoHash = mainInfoHash(places.metainfo)
    this.#places = places
    this.#lock = lock
    this.#have = have
    this.#wantedFiles = init.wantedFiles
    this.#awaited = init.awaited
  }

  /** Opens the content of a download where an earlier run left it; hashes only what changed since. */
  static async open(
    metainfo: Metainfo,
    { path, lock, record, found, stamp }: DownloadTarget,
    init: DownloadContentInit,
    options: CheckOptions = {},
  ): Promise<DownloadContent> {
    const here = found ? await filesAt(metainfo, path) : (record?.placed ?? [])
    const places = new FilePlaces({
      metainfo,
      path,
      resume: init.resume,
      placed: [...here, ...init.wantedFiles],
      foreign: found ? here : (record?.foreign ?? []),
    })
    const { awaited } = init
    if (awaited) places.stamps.splice(0, awaited.stamps.length, ...awaited.stamps)
    else if (stamp && places.locations.length === 1) places.stamps[0] = stamp
    else await places.look()
    options.signal?.throwIfAborted()
    const have = found ?? awaited?.have ?? (await heldPieces(places, record, options))
    const wantedFiles = [...init.wantedFiles, ...wholeFiles(metainfo, record, init.wantedFiles, have)]
    wantedFiles.sort((one, other) => one - other)
    const content = new DownloadContent(places, have, lock, { ...init, wantedFiles })
    content.torrentBytes = record?.torrentBytes ?? 0
    if (awaited) return content
    // The record makes the path ours, so that it must be there before anything is written: else a crash would leave files
    // behind that nobody dares to go on with.
    if (record && isSameRecord(record, content.#record()))
      content.#saved = { count: have.count, isFlushed: record.isFlushed }
    else await content.save({ isFlushed: false })
    if (init.wantedFiles.some(index => places.isMissingEmpty(index)))
      await content.store.createEmpty(init.wantedFiles)
    return content
  }

  get isRecorded(): boolean {
    return this.#have.isFull && this.#saved?.isFlushed === true
  }

  get isAwaited(): boolean {
    return this.#awaited !== undefined
  }

  get path(): string {
    return this.#places.path
  }

  get store(): FileStore {
    if (this.#store) return this.#store
    const places = this.#places
    this.#store = new FileStore({
      files: places.storedFiles(),
      root: places.root,
      existing: new Set(places.existing()),
      stamps: this.#isSealed ? places.stampsOf(this.#wantedFiles) : new Map(),
      onLost: this.#init.onLost,
    })
    if (this.#isClosed) void this.#store.close()
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

  save({ isFlushed }: { isFlushed: boolean }): Promise<void> {
    const saved = this.#saving ? this.#saving.then(() => this.#save(isFlushed)) : this.#save(isFlushed)
    const saving = saved
      .catch(() => {})
      .then(() => {
        if (this.#saving === saving) this.#saving = undefined
      })
    this.#saving = saving
    return saved
  }

  async seal(): Promise<void> {
    await this.#restamp()
    const places = this.#places
    this.#isSealed = true
    this.#store?.seal(places.stampsOf(this.#wantedFiles))
    if (!places.usesParts && !this.isRecorded) await rm(places.parts, { force: true, recursive: true })
  }

  async findAmiss(first: number | undefined): Promise<number | undefined> {
    const places = this.#places
    if (this.#awaited) return findNoneThere(places, places.existing())
    if (this.#unstamped.length > 0) await this.#restamp()
    if (this.#unstamped.length > 0) return this.#unstamped[0]
    if (this.#isSealed) return findUnlike(places, this.#wantedFiles, first)
    // While it is fetched, it changes all the time.
    return findGone(places, this.#store?.made ?? places.existing())
  }

  locationAt(index: number): string {
    return this.#places.locations[index]!
  }

  letGo(): void {
    this.#store?.letGo()
  }

  async flush(): Promise<void> {
    await this.#store?.flush()
    if (this.#saved?.isFlushed) return
    // What an earlier run wrote, and somebody else, may not be on the disk either.
    for (const { location } of this.#places.placedFiles({ foreign: true })) await flushFile(location)
  }

  async verify(options: CheckOptions): Promise<void> {
    this.#saved = undefined
    this.#unseal()
    // With no file open: what was put in the place of one is what counts from now on.
    await this.store.suspend(async () => {
      const now = this.#places
      await now.look()
      this.#unstamped = noIndexes
      this.#have = await (this.#awaited ? heldPieces(now, this.#awaited, options) : verifyAll(now, options))
      this.#awaited = undefined
      return { locations: now.located(), existing: now.existing() }
    })
    await this.save({ isFlushed: false })
  }

  async select(files: readonly number[]): Promise<void> {
    // A wanted piece may have been written a moment ago and not be counted as held yet.
    const { wanted } = this
    const isThere = (piece: number) => this.#have.has(piece) || wanted.has(piece)
    for (const index of files) {
      const isPlaced = this.#places.placed.has(index) || !isReal(this.metainfo.files[index]!)
      if (!isPlaced) this.#places = await placeFile(index, this.#places, this.store, isThere)
    }
    this.#wantedFiles = [...files]
    this.#saved = undefined
    this.#unseal()
    await this.store.createEmpty(files)
    await this.save({ isFlushed: false })
  }

  async moveTo(folder: string, { signal }: AbortOptions = {}): Promise<void> {
    const [from, to] = [this.path, pathIn(folder, this.path)]
    if (from === to) return
    await this.#restamp()
    const [moved, lock] = await moveDownload(to, {
      ...this.#init,
      places: this.#places,
      record: this.#record(),
      suspend: work => this.store.suspend(work),
      signal,
    })
    const old = this.#lock
    this.#places = moved
    this.#lock = lock
    this.#saved = undefined
    await this.save({ isFlushed: false })
    await this.#init.resume.forget(this.#infoHash, from)
    await old.release()
  }

  async erase({ data }: { data: boolean }): Promise<readonly string[]> {
    if (this.#isClosed) return []
    await this.#restamp()
    this.#isClosed = true
    await Promise.all([this.#saving, this.#store?.close()])
    const { resume } = this.#init
    const { path, ownFolder } = this.#places
    const erased = data && (await eraseFiles(this.#places.placedFiles({ foreign: false }), ownFolder))
    const kept = erased ? [...erased, ...(await this.#places.foreignThere())] : []
    await resume.forget(this.#infoHash, path)
    await resume.forgetTorrent(this.metainfo)
    await this.#lock.release()
    return kept
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#store?.close()
    await this.#lock.release()
  }

  async #save(isFlushed: boolean): Promise<void> {
    if (this.#isClosed || this.#awaited) return
    // The pieces are counted before the files are looked at: a piece written in between is hashed again, never missed.
    const have = new Bitfield(this.#have.length, this.#have.bytes)
    await this.#restamp()
    if (this.#unstamped.length > 0) {
      // What is remembered stays as it was, for it may be back.
      return this.#init.onLost(await goneError(this.locationAt(this.#unstamped[0]!)))
    }
    const { count } = have
    const saved = this.#saved
    if (saved?.count === count && (saved.isFlushed || !isFlushed)) return
    const none = { count: -1, isFlushed: false }
    this.#saved = none
    await this.#init.resume.save({ ...this.#record(), have, isFlushed })
    // What changed meanwhile is not in it.
    if (this.#saved === none) this.#saved = { count, isFlushed }
  }

  #record(): ResumeRecord {
    return {
      ...this.#places.toRecord(),
      infoHash: this.#infoHash,
      have: this.#have,
      wanted: this.#wantedFiles,
      torrentBytes: this.torrentBytes,
      isFlushed: false,
    }
  }

  /** From now on files may change again. */
  #unseal(): void {
    this.#isSealed = false
    this.#store?.unseal()
  }

  /** Looks at the files that were written. */
  async #restamp(): Promise<void> {
    const written = new Set([...this.#unstamped, ...(this.#store?.takeWritten() ?? [])])
    if (written.size === 0) return
    this.#saved = undefined
    this.#unstamped = await this.#places.look(written)
  }
}
