import { join } from 'node:path'
import type { Metainfo } from '../../core/index.ts'
import { locationOf } from '../download-target.ts'
import { type FileStamp, type StoredFile, stampOf } from '../store/file-store.ts'
import type { ResumeRecord } from '../store/resume.ts'
import { isReal } from './content.ts'
import type { OwnFile } from './erase-files.ts'

export interface FilePlacesInit {
  readonly metainfo: Metainfo
  /** The file, or the folder of an album. */
  readonly path: string
  /** Where the files are that are not in their own place. */
  readonly parts: string
  /** Indexes of the files that are in their own place. */
  readonly placed: Iterable<number>
  /** Indexes of the files that were there before. */
  readonly foreign: Iterable<number>
}

/** Where each file of a download is, and what it was like when it was last looked at. */
export class FilePlaces {
  readonly metainfo: Metainfo
  readonly path: string
  readonly parts: string
  readonly placed: Set<number>
  readonly foreign: ReadonlySet<number>
  /** By index; `undefined` for pads and links. */
  readonly locations: readonly (string | undefined)[]
  /** By index; `undefined` where there is nothing. */
  readonly stamps: (FileStamp | undefined)[] = []

  constructor({ metainfo, path, parts, placed, foreign }: FilePlacesInit) {
    this.metainfo = metainfo
    this.path = path
    this.parts = parts
    this.placed = new Set(placed)
    this.foreign = new Set(foreign)
    this.locations = metainfo.files.map((file, index) => {
      if (!isReal(file)) return undefined
      return this.placed.has(index) ? this.ownPlaceOf(index) : join(parts, String(index))
    })
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

  /** Looks at some of the files, or at all. */
  async look(indexes: Iterable<number> = this.locations.keys()): Promise<void> {
    const look = async (index: number) => {
      const location = this.locations[index]
      this.stamps[index] = location === undefined ? undefined : await stampOf(location)
    }
    await Promise.all([...indexes].map(look))
  }

  /** Indexes of the files that are there. */
  existing(): number[] {
    return [...this.stamps.keys()].filter(index => this.stamps[index] !== undefined)
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

  /** What of it is remembered. */
  toRecord(): Pick<ResumeRecord, 'path' | 'placed' | 'foreign' | 'stamps'> {
    return { path: this.path, placed: [...this.placed], foreign: [...this.foreign], stamps: this.stamps }
  }
}

/** Indexes of the files of a torrent that are in their place below a path. */
export async function filesAt(metainfo: Metainfo, path: string): Promise<Set<number>> {
  const here = new Set<number>()
  for (const [index, file] of metainfo.files.entries()) {
    if (isReal(file) && (await stampOf(locationOf(metainfo, path, file.path)))) here.add(index)
  }
  return here
}
