import type { WatchedRow } from '../database/watched-row.ts'
import type { Found, FoundFile } from './found.ts'

/** Something in a watched folder that was dealt with. */
export interface Seen {
  /** Absolute. */
  readonly path: string
  readonly folder: string
  readonly kind: Found['kind']
  /** Empty of a link that could not be used. */
  readonly infoHash: string
  readonly stamp: string
  readonly identity: string
  /** The rules that its torrent was made with, as JSON. */
  readonly madeWith: string
  /** What it is listed with, as JSON; empty where it is in no catalog. */
  readonly listedAs: string
  /** Whether it is on another disk than its folder, and so may be gone together with that. */
  readonly isElsewhere: boolean
}

/** A row without what is read only where something moved. */
export type SeenRow = Omit<WatchedRow, 'files'>

export function readSeen(row: SeenRow): Seen {
  return {
    path: row.path,
    folder: row.folder,
    kind: row.kind,
    infoHash: row.info_hash,
    stamp: row.stamp,
    identity: row.identity,
    madeWith: row.made_with,
    listedAs: row.listed_as,
    isElsewhere: row.is_elsewhere === 1,
  }
}

export function rowOfSeen(seen: Seen): SeenRow {
  return {
    path: seen.path,
    folder: seen.folder,
    kind: seen.kind,
    info_hash: seen.infoHash,
    stamp: seen.stamp,
    identity: seen.identity,
    made_with: seen.madeWith,
    listed_as: seen.listedAs,
    is_elsewhere: seen.isElsewhere ? 1 : 0,
  }
}

export function readFiles(json: string): FoundFile[] {
  return (JSON.parse(json) as [string, number, string, string][]).map(
    ([path, sizeBytes, modifiedNs, inode]) => ({ path, sizeBytes, modifiedNs, inode }),
  )
}

export function writtenFiles(files: readonly FoundFile[]): string {
  return JSON.stringify(files.map(file => [file.path, file.sizeBytes, file.modifiedNs, file.inode]))
}
