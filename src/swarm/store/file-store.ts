import { fdatasync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { fewAtOnce, fileSystemError, P2pShareError, spansOf } from '../../core/index.ts'
import type { ChunkStore } from './chunk-store.ts'
import { type FileStamp, goneError, isGone, lossOf, lostError } from './file-stamp.ts'
import { makeFolder } from './make-folder.ts'
import { OpenFiles } from './open-files.ts'
import { bytesIn, cutParts, readFully, writeFully } from './scatter.ts'
import { Suspension } from './suspension.ts'

/** One stretch of a torrent's content and the file that holds it. Stretches follow each other without gaps. */
export interface StoredFile {
  /** Absolute path, or `undefined` for a pad, which reads as zeros and is never written. */
  readonly location: string | undefined
  readonly offset: number
  readonly sizeBytes: number
}

export interface FileStoreInit {
  readonly files: readonly StoredFile[]
  /** The folder below which no link is passed through when files are made; without it the store is read only. */
  readonly root?: string
  /** Files known to be ours already, by index; every other one must not exist when it is first written. */
  readonly existing?: ReadonlySet<number>
  /** What the files were when they were hashed, by index; a file without one may still change. */
  readonly stamps?: ReadonlyMap<number, FileStamp>
  /** Called when a file that is read or written is found gone, shorter or newer than its stamp. */
  readonly onLost?: (error: P2pShareError) => void
}

/** Files that lie in another place from now on. */
export interface Relocation {
  /** Paths by index. */
  readonly locations: ReadonlyMap<number, string>
  /** Which of them are there and ours; the others are made anew. */
  readonly existing: Iterable<number>
  /** The folder below which they are. @default the one before */
  readonly root?: string | undefined
}

const datasync = promisify(fdatasync)

/** Handles that one torrent keeps open. */
const maxOpenFiles = 64
/** How long a look at a file's stamp is trusted. */
const stampAgeMs = 1_000

/** A torrent's content in files: positional reads and writes, one handle an open file, links never followed. */
export class FileStore implements ChunkStore {
  readonly #suspension = new Suspension()
  #files: readonly StoredFile[]
  #root: string | undefined
  readonly #existing: Set<number>
  readonly #stamps: Map<number, FileStamp>
  readonly #onLost: ((error: P2pShareError) => void) | undefined
  readonly #open = new OpenFiles(maxOpenFiles)
  readonly #looked = new Map<number, number>()
  readonly #folders = new Map<string, Promise<void>>()
  readonly #written = new Set<number>()
  readonly #dirty = new Set<number>()

  constructor({ files, root, existing, stamps, onLost }: FileStoreInit) {
    this.#files = files
    this.#root = root
    this.#existing = new Set(existing)
    this.#stamps = new Map(stamps)
    this.#onLost = onLost
  }

  read(offset: number, into: Uint8Array): Promise<void> {
    return this.readInto(offset, [into])
  }

  readInto(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#suspension.use(() => this.#read(offset, parts))
  }

  write(offset: number, bytes: Uint8Array): Promise<void> {
    return this.writeFrom(offset, [bytes])
  }

  writeFrom(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#suspension.use(() => this.#write(offset, parts))
  }

  /**
   * Does something with the files while nothing else reads or writes them and none is open, such as moving them; whoever wants
   * to read or write waits. Goes on in the places that it answers, or where it fails, as before.
   */
  async suspend(work: () => Promise<Relocation | undefined>): Promise<void> {
    await this.#suspension.alone(async () => {
      await this.flush().catch(() => {})
      await this.#open.closeAll()
      const relocation = await work()
      if (!relocation) return
      this.#root = relocation.root ?? this.#root
      this.#files = this.#files.map((file, index) => {
        const location = relocation.locations.get(index)
        return location === undefined ? file : { ...file, location }
      })
      for (const index of relocation.locations.keys()) {
        this.#stamps.delete(index)
        this.#existing.delete(index)
      }
      for (const index of relocation.existing) this.#existing.add(index)
      this.#looked.clear()
      this.#folders.clear()
    })
  }

  /** Indexes of the files that were made, or were there. */
  get made(): ReadonlySet<number> {
    return this.#existing
  }

  /** Files are opened anew from now on: what lies at their paths may be others by then. */
  letGo(): void {
    this.#open.forgetAll()
  }

  /** Makes the empty files among `indexes`, which no piece would ever make. */
  async createEmpty(indexes: Iterable<number>): Promise<void> {
    for (const index of indexes) {
      const file = this.#files[index]
      if (file?.location === undefined || file.sizeBytes > 0 || this.#existing.has(index)) continue
      await this.#writeFile(index, file.location, [], 0)
    }
  }

  /** Looks whether every file is still as it was stamped, and tells of the first that is not as if it had been read. */
  async look(): Promise<void> {
    for (const index of this.#stamps.keys()) {
      try {
        await this.#checkStamp(index, this.#files[index]!.location!)
      } catch (error) {
        this.#onLost?.(error as P2pShareError)
        return
      }
    }
  }

  /** From now on files may change again. */
  unseal(): void {
    this.#stamps.clear()
    this.#looked.clear()
  }

  /** From now on the files are complete: one that changes is lost. */
  seal(stamps: ReadonlyMap<number, FileStamp>): void {
    for (const [index, stamp] of stamps) this.#stamps.set(index, stamp)
  }

  /** Indexes of the files written since the last call. */
  takeWritten(): number[] {
    const written = [...this.#written]
    this.#written.clear()
    return written
  }

  async flush(): Promise<void> {
    for (const index of [...this.#dirty]) {
      this.#dirty.delete(index)
      const location = this.#files[index]!.location!
      try {
        await this.#open.use(location, 'write', datasync)
      } catch (error) {
        this.#dirty.add(index)
        throw fileSystemError(error, location, 'write')
      }
    }
  }

  close(): Promise<void> {
    return this.#open.close()
  }

  #read(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#eachFile(offset, parts, (index, location, within, position) => {
      if (location !== undefined) return this.#readFile(index, location, within, position)
      for (const part of within) part.fill(0)
      return undefined
    })
  }

  #write(offset: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#eachFile(offset, parts, (index, location, within, position) =>
      location === undefined ? undefined : this.#writeFile(index, location, within, position),
    )
  }

  /** Does something with each file that a stretch of content lies in, a few at once. */
  async #eachFile(
    offset: number,
    parts: readonly Uint8Array[],
    work: (
      index: number,
      location: string | undefined,
      within: readonly Uint8Array[],
      position: number,
    ) => Promise<void> | undefined,
  ): Promise<void> {
    const bytes = bytesIn(parts)
    this.#checkEnd(offset + bytes)
    await fewAtOnce(spansOf(this.#files, offset, bytes), ({ index, start, at, length }) => {
      const within = length === bytes ? parts : cutParts(parts, at, at + length)
      return work(index, this.#files[index]!.location, within, start)
    })
  }

  #checkEnd(end: number): void {
    const last = this.#files.at(-1)
    if (last && end <= last.offset + last.sizeBytes) return
    throw new P2pShareError('ERR_INVALID_ARGUMENT', `Offset ${end} is past the end of the torrent`)
  }

  async #readFile(
    index: number,
    location: string,
    parts: readonly Uint8Array[],
    position: number,
  ): Promise<void> {
    try {
      const looking = this.#stamps.has(index) ? this.#checkStamp(index, location) : undefined
      // Nobody may hear of a failure while memory is still being read into, which would be lent to others.
      looking?.catch(() => {})
      const isWhole = await this.#open.use(location, 'read', fd => readFully(fd, parts, position))
      await looking
      if (!isWhole) throw lostError(location, 'shorter than it was')
    } catch (error) {
      const lost =
        (error as NodeJS.ErrnoException).code === 'ENOENT'
          ? await goneError(location)
          : fileSystemError(error, location, 'read')
      if (lost.code === 'ERR_SOURCE_CHANGED') {
        this.#open.forget(location)
        this.#onLost?.(lost)
      }
      throw lost
    }
  }

  async #checkStamp(index: number, location: string): Promise<void> {
    const stamp = this.#stamps.get(index)
    if (!stamp) return
    const now = performance.now()
    if (now - (this.#looked.get(index) ?? -stampAgeMs) < stampAgeMs) return
    const loss = await lossOf(location, stamp)
    if (loss) throw loss
    this.#looked.set(index, now)
  }

  async #writeFile(
    index: number,
    location: string,
    parts: readonly Uint8Array[],
    position: number,
  ): Promise<void> {
    if (this.#root === undefined) throw new P2pShareError('ERR_CANNOT_WRITE', `${location} is only ever read`)
    const isMade = this.#existing.has(index)
    try {
      if (!isMade) await this.#folder(dirname(location), this.#root)
      await this.#open.use(location, isMade ? 'write' : 'create', async fd => {
        this.#existing.add(index)
        try {
          if (await writeFully(fd, parts, position)) return
          throw new P2pShareError('ERR_CANNOT_WRITE', `${location} takes no more`)
        } finally {
          // Only of a file that could be opened: a flush must not open what is not ours.
          this.#written.add(index)
          this.#dirty.add(index)
        }
      })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileSystemError(error, location, 'write')
      this.#folders.clear()
      const hasRoot = this.#existing.size === 0 || !(await isGone(this.#root))
      if (!isMade && hasRoot) throw fileSystemError(error, location, 'write')
      const lost = await goneError(location)
      this.#onLost?.(lost)
      throw lost
    }
  }

  /** Makes a folder below the root once, and refuses one that is reached through a link. */
  #folder(folder: string, root: string): Promise<void> {
    const known = this.#folders.get(folder)
    if (known) return known
    // One that files were in is not made anew when it is gone: at its disk's place of mounting it would fill another disk.
    const rooted: Promise<unknown> = this.#existing.size > 0 ? stat(root) : Promise.resolve()
    const making = rooted.then(() => makeFolder(folder, root))
    this.#folders.set(folder, making)
    making.catch(() => this.#folders.delete(folder))
    return making
  }
}
