import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type AbortOptions, type Bitfield, fileSystemError, P2pShareError } from '../../core/index.ts'
import type { Relocation } from '../store/file-store.ts'
import { lockPath, type PathLock } from '../store/path-lock.ts'
import type { ResumeFolder, ResumeRecord } from '../store/resume.ts'
import type { FilePlaces } from './file-places.ts'
import { verifyAll } from './held-pieces.ts'
import { moveFiles } from './move-files.ts'

export interface MoveDownloadInit extends AbortOptions {
  readonly places: FilePlaces
  readonly record: ResumeRecord
  readonly resume: ResumeFolder
  readonly lockFolder: string
  /** Runs the move while nobody reads or writes. */
  readonly suspend: (work: () => Promise<Relocation>) => Promise<void>
}

/** The path of a download in another folder. */
export function pathIn(folder: string, path: string): string {
  return join(resolve(folder), basename(path))
}

/**
 * Moves a download, with what is remembered of it, to another path. At any moment one of two records is of what is there, so
 * that a download whose move was broken off is gone on with, or moved again.
 */
export async function moveDownload(to: string, init: MoveDownloadInit): Promise<[FilePlaces, PathLock]> {
  const { places, record, resume, lockFolder } = init
  const { infoHash } = record
  await mkdir(dirname(to), { recursive: true }).catch((error: unknown) => {
    throw fileSystemError(error, dirname(to), 'write')
  })
  const lock = await lockPath(lockFolder, to, infoHash)
  if ('pid' in lock) {
    const message = `Another p2pshare (process ${lock.pid}) is fetching ${to}: wait for it or stop it`
    throw new P2pShareError('ERR_HOME_LOCKED', message)
  }
  const isGoingOn = (await resume.load(infoHash, to)) !== undefined
  const moved = places.with({ path: to })
  try {
    await init.suspend(async () => {
      await move(moved, isGoingOn, init)
      return relocationTo(moved)
    })
  } catch (error) {
    if (!isGoingOn) await resume.forget(infoHash, to).catch(() => {})
    await lock.release()
    throw error
  }
  return [moved, lock]
}

async function move(moved: FilePlaces, isGoingOn: boolean, init: MoveDownloadInit): Promise<void> {
  const { places, record, resume, signal } = init
  await rm(moved.parts, { force: true, recursive: true })
  // Makes the path ours before anything is there.
  await resume.save({ ...record, path: moved.path, isFlushed: false })
  await moveFiles({
    from: places.path,
    to: moved.path,
    isAlbum: places.metainfo.isAlbum,
    files: places.placedFiles({ foreign: true }),
    isGoingOn,
    verify: () => verifyCopy(places, moved, record.have, signal),
    have: record.have,
    signal,
  })
  await rename(places.parts, moved.parts).catch(() => {})
  await moved.look()
}

/** Part files stay where they are until the copy is known to be good. */
function verifyCopy(places: FilePlaces, moved: FilePlaces, have: Bitfield, signal: AbortSignal | undefined) {
  const { metainfo, placed } = places
  const locations = moved.locations.map((copy, index) => (placed.has(index) ? copy : places.locations[index]))
  return verifyAll({ metainfo, locations }, { signal }, have)
}

function relocationTo(moved: FilePlaces): Relocation {
  return { locations: moved.located(), existing: moved.existing(), root: moved.root }
}
