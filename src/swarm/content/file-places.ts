import { join } from 'node:path'
import { type Metainfo, mainInfoHash } from '../../core/index.ts'
import { locationOf } from '../download-target.ts'
import { type FileStamp, stampOf } from '../store/file-stamp.ts'
import type { StoredFile } from '../store/file-store.ts'
import type { ResumeFolder, ResumeRecord } from '../store/resume.ts'
import { isReal } from './content.ts'
import type { OwnFile } from './erase-files.ts'

export interface FilePlacesInit {
  readonly metainfo: Metainfo
  /** The file, or the folder of an album. */
  readonly path: string
  /** Tells where the files are that are not in their own place. */
  readonly resume: Pick<ResumeFolder, 'partFolder'>
  /** Indexes of the files that are in their own place. */
  readonly placed: Iterable<number>
  /** Indexes of the files that were there before. */
  readonly foreign: Iterable<number>
}

const none: ReadonlySet<number> = new Set()
export const noIndexes: readonly number[] = []
const onlyFirst: ReadonlySet<number> = new Set([0])

/** Where each file of a download is, and what it was like when it was last looked at. */
export class FilePlaces {
  readonly metainfo: Metainfo
  readonly path: string
  readonly resume: Pick<ResumeFolder, 'partFolder'>
  readonly placed: ReadonlySet<number>
  readonly foreign: ReadonlySet<number>
  /** By index; `undefined` for pads and links. */
  readonly locations: readonly (string | undefined)[]
  /** By index; `undefined` where there is nothing. */
  readonly stamps: (FileStamp | undefined)[]

  constructor({ metainfo, path, resume, placed, foreign }: FilePlacesInit) {
    this.metainfo = metainfo
    this.path = path
    this.resume = resume
    this.placed = indexesIn(placed)
    this.foreign = indexesIn(foreign)
    this.stamps = new Array<FileStamp | undefined>(metainfo.files.length)
    let parts: string | undefined
    this.locations = metainfo.files.map((file, index) => {
      if (!isReal(file)) return undefined
      if (this.placed.has(index)) return this.ownPlaceOf(index)
      parts ??= this.parts
      return join(parts, String(index))
    })
  }

  /** Where the files are that are not in their own place. */
  get parts(): string {
    return this.resume.partFolder(mainInfoHash(this.metainfo), this.path)
  }

  /** The folder below which files are made. */
  get root(): string {
    return this.metainfo.isAlbum ? this.path : join(this.path, '..')
  }

  /** The folder that is the torrent's own, if it has one. */
  get ownFolder(): string | undefined {
    return this.metainfo.isAlbum ? this.path : undefined
  }

  /** Whether some file is among the parts, or would be. */
  get usesParts(): boolean {
    return this.metainfo.files.some((file, index) => isReal(file) && !this.placed.has(index))
  }

  /** Where a file belongs. */
  ownPlaceOf(index: number): string {
    return locationOf(this.metainfo, this.path, this.metainfo.files[index]!.path)
  }

  /** The same with other places; nothing is known of the files there. */
  with(changed: Partial<FilePlacesInit>): FilePlaces {
    return new FilePlaces({ ...this, ...changed })
  }

  /** Looks at some of the files, or at all; answers which are not there. */
  async look(indexes: Iterable<number> = this.locations.keys()): Promise<readonly number[]> {
    const look = async (index: number) => {
      const location = this.locations[index]
      this.stamps[index] = location === undefined ? undefined : await stampOf(location)
    }
    const looked = [...indexes]
    await Promise.all(looked.map(look))
    const gone = looked.filter(index => this.stamps[index] === undefined)
    return gone.length === 0 ? noIndexes : gone
  }

  /** Of some files, what they were like where they were there. */
  stampsOf(indexes: readonly number[]): Map<number, FileStamp> {
    return new Map(
      indexes.flatMap(index => {
        const stamp = this.stamps[index]
        return stamp ? [[index, stamp] as const] : []
      }),
    )
  }

  /** Whether a file has no bytes, so that no piece would ever make it, and is not there. */
  isMissingEmpty(index: number): boolean {
    const { sizeBytes } = this.metainfo.files[index]!
    return sizeBytes === 0 && this.locations[index] !== undefined && this.stamps[index] === undefined
  }

  /** Indexes of the files that are there. */
  existing(): number[] {
    return [...this.stamps.keys()].filter(index => this.stamps[index] !== undefined)
  }

  /** Where files are, by index. */
  located(): Map<number, string> {
    const located = new Map<number, string>()
    for (const [index, location] of this.locations.entries()) if (location) located.set(index, location)
    return located
  }

  storedFiles(): StoredFile[] {
    return this.metainfo.files.map(({ offset, sizeBytes }, index) => {
      return { location: this.locations[index], offset, sizeBytes }
    })
  }

  /** Files in their own place, with or without those that were there before. */
  placedFiles({ foreign }: { foreign: boolean }): OwnFile[] {
    return [...this.placed].flatMap(index => {
      const location = this.locations[index]
      if (location === undefined || (!foreign && this.foreign.has(index))) return []
      return [{ location, stamp: this.stamps[index] }]
    })
  }

  /** Files that were there before, and still are. */
  async foreignThere(): Promise<string[]> {
    const there: string[] = []
    for (const index of this.foreign) {
      const location = this.placed.has(index) ? this.locations[index] : undefined
      if (location !== undefined && (await stampOf(location))) there.push(location)
    }
    return there
  }

  /** What of it is remembered. */
  toRecord(): Pick<ResumeRecord, 'path' | 'placed' | 'foreign' | 'stamps'> {
    return { path: this.path, placed: [...this.placed], foreign: [...this.foreign], stamps: this.stamps }
  }
}

/** The same set for all that are alike: most torrents of thousands are of one file. */
function indexesIn(indexes: Iterable<number>): ReadonlySet<number> {
  const set = new Set(indexes)
  if (set.size === 0) return none
  return set.size === 1 && set.has(0) ? onlyFirst : set
}

/** Indexes of the files of a torrent that are in their place below a path. */
export async function filesAt(metainfo: Metainfo, path: string): Promise<Set<number>> {
  const here = new Set<number>()
  for (const [index, file] of metainfo.files.entries()) {
    if (isReal(file) && (await stampOf(locationOf(metainfo, path, file.path)))) here.add(index)
  }
  return here
}
