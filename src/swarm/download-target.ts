import { lstat } from 'node:fs/promises'
import { join, parse } from 'node:path'
import {
  type AbortOptions,
  type Bitfield,
  type Hex,
  joinInside,
  type Metainfo,
  P2pShareError,
  pieceRange,
  tellsAbsence,
  verifyFiles,
} from '../core/index.ts'
import type { FileStamp } from './store/file-stamp.ts'
import { lockPath, type PathLock } from './store/path-lock.ts'
import type { ResumeFolder, ResumeRecord } from './store/resume.ts'

/** Where a download goes, held by this process until the lock is released. */
export interface DownloadTarget {
  /** The file, or the folder of an album. */
  readonly path: string
  readonly lock: PathLock
  /** What an earlier run left here. */
  readonly record: (ResumeRecord & { isTrusted: boolean }) | undefined
  /** Pieces of files that were here without a record and turned out to be this torrent's. */
  readonly found: Bitfield | undefined
  /** Whether there is anything at the path. */
  readonly isThere: boolean
  /** What is there, where that is one file. */
  readonly stamp: FileStamp | undefined
}

export interface TargetOptions extends AbortOptions {
  /** The folder to download into. */
  readonly out: string
  /** `resume` goes on where an earlier run of ours stopped; `never` writes to nothing that exists. */
  readonly overwrite: 'resume' | 'never'
  readonly resume: ResumeFolder
  readonly lockFolder: string
}

type Kind = 'nothing' | 'file' | 'folder' | 'other'

const maxNames = 1_000
/** What file systems take, less the room that mending half a character needs. */
const maxNameBytes = 250

/**
 * Chooses where a torrent is downloaded to, so that nothing which is not ours is ever written to: a path that is free, one
 * that an earlier run recorded, or one whose files are this torrent's to the last byte; else the name with `.1`, `.2` ….
 *
 * @throws {P2pShareError} `ERR_HOME_LOCKED` where another process downloads the same torrent there;
 *   `ERR_TARGET_EXISTS` where 1,000 names are taken
 */
export async function findTarget(
  metainfo: Metainfo,
  infoHash: Hex,
  options: TargetOptions,
): Promise<DownloadTarget> {
  const { out, overwrite, resume, lockFolder, signal } = options
  for (let count = 0; count < maxNames; count++) {
    const path = join(out, numbered(metainfo, count))
    const lock = await lockPath(lockFolder, path, infoHash)
    if ('pid' in lock) {
      if (lock.infoHash !== infoHash) continue
      throw new P2pShareError(
        'ERR_HOME_LOCKED',
        `Another p2pshare (process ${lock.pid}) is fetching ${path}: wait for it or stop it`,
      )
    }
    try {
      const record = await resume.load(infoHash, path)
      const { kind, stamp } = await lookAt(path)
      const fits = kind === (metainfo.isAlbum ? 'folder' : 'file')
      const isOurs = record && (overwrite === 'resume' || record.have.isFull)
      const isThere = kind !== 'nothing'
      if (!isThere || (fits && isOurs)) return { path, lock, record, found: undefined, isThere, stamp }
      if (fits) {
        const found = await findOwn(metainfo, path, signal)
        if (found && (overwrite === 'resume' || found.isFull))
          return { path, lock, record: undefined, found, isThere, stamp: undefined }
      }
    } catch (error) {
      await lock.release()
      throw error
    }
    await lock.release()
  }
  throw new P2pShareError(
    'ERR_TARGET_EXISTS',
    `${join(out, metainfo.name)} and ${maxNames} names like it are taken`,
  )
}

/** The path of one file of a torrent whose top is at `path`. */
export function locationOf(metainfo: Metainfo, path: string, filePath: string): string {
  return metainfo.isAlbum ? joinInside(path, filePath.slice(filePath.indexOf('/') + 1)) : path
}

function numbered({ name, isAlbum }: Metainfo, count: number): string {
  if (count === 0) return name
  const { name: stem, ext } = isAlbum ? { name, ext: '' } : parse(name)
  let kept = stem
  while (Buffer.byteLength(`${kept}.${count}${ext}`) > maxNameBytes) kept = kept.slice(0, -1)
  return `${kept.toWellFormed()}.${count}${ext}`
}

async function lookAt(path: string): Promise<{ kind: Kind; stamp?: FileStamp }> {
  const found = await lstat(path).catch(error => {
    if (tellsAbsence(error)) return undefined
    throw error
  })
  if (!found) return { kind: 'nothing' }
  if (found.isFile()) return { kind: 'file', stamp: { sizeBytes: found.size, modifiedMs: found.mtimeMs } }
  return { kind: found.isDirectory() ? 'folder' : 'other' }
}

/** The pieces held by what is at `path`, if every file of the torrent that exists there is whole and there is at least one. */
async function findOwn(
  metainfo: Metainfo,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Bitfield | undefined> {
  const present = new Set<number>()
  for (const [index, file] of metainfo.files.entries()) {
    signal?.throwIfAborted()
    if (file.isPad || file.isLink) continue
    const found = await lstat(locationOf(metainfo, path, file.path)).catch(() => undefined)
    if (!found) continue
    if (!found.isFile() || found.size !== file.sizeBytes) return undefined
    if (found.size > 0) present.add(index)
  }
  if (present.size === 0) return undefined
  const have = await verifyFiles(metainfo, file => locationOf(metainfo, path, file.path), { signal })
  for (const index of present) {
    const [from, to] = pieceRange(metainfo.files[index]!, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) if (!have.has(piece)) return undefined
  }
  return have
}
