import { constants, copyFile, lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { type Bitfield, fileSystemError, P2pShareError } from '../../core/index.ts'
import { stampOf } from '../store/file-stamp.ts'
import { eraseFiles, type OwnFile } from './erase-files.ts'

export interface MoveInit {
  /** The file, or the folder of an album, and where it goes. */
  readonly from: string
  readonly to: string
  readonly isAlbum: boolean
  /** What is copied where renaming is not possible. */
  readonly files: readonly OwnFile[]
  /** Whether what is at `to` was left there by an earlier move of the same torrent that did not end. */
  readonly isGoingOn: boolean
  /** The pieces that are intact in the copy at `to`. */
  readonly verify: () => Promise<Bitfield>
  readonly have: Bitfield
  readonly signal: AbortSignal | undefined
}

/**
 * Moves the files of a torrent: by renaming, or to another disk by copying, hashing the copy, and only then deleting.
 *
 * @returns files that were left behind because somebody else changed them
 * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`; everything is where it was then
 */
export async function moveFiles(init: MoveInit): Promise<readonly string[]> {
  const { from, to, isGoingOn } = init
  const isFree = (await lstat(to).catch(() => undefined)) === undefined
  if (!isFree && !isGoingOn)
    throw new P2pShareError('ERR_TARGET_EXISTS', `${to} exists already and is not ours`)
  if (isFree) {
    const moved = await rename(from, to).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        // Nothing was written yet: then there is nothing to move either.
        if (error.code === 'ENOENT') return true
        if (error.code === 'EXDEV') return false
        throw fileSystemError(error, to, 'write')
      },
    )
    if (moved) return []
  }
  return copyOver(init)
}

async function copyOver(init: MoveInit): Promise<readonly string[]> {
  const { from, to, isAlbum, files, signal } = init
  const copies: string[] = []
  try {
    for (const { location } of files) {
      signal?.throwIfAborted()
      const copy = isAlbum ? join(to, relative(from, location)) : to
      if ((await stampOf(location)) === undefined) continue
      copies.push(copy)
      await copyOne(location, copy, to)
    }
    await checkCopy(init)
  } catch (error) {
    const written = await Promise.all(
      copies.map(async location => ({ location, stamp: await stampOf(location) })),
    )
    await eraseFiles(written, isAlbum ? to : undefined)
    throw signal?.aborted ? error : fileSystemError(error, to, 'write')
  }
  return eraseFiles(files, isAlbum ? from : undefined)
}

async function copyOne(location: string, copy: string, top: string): Promise<void> {
  await mkdir(dirname(copy), { recursive: true })
  let folder = top
  for (const part of relative(top, dirname(copy)).split(sep)) {
    folder = join(folder, part)
    if (folder !== top && (await lstat(folder)).isSymbolicLink())
      throw new P2pShareError('ERR_UNSAFE_PATH', `${folder} is a link: remove it or choose another folder`)
  }
  await rm(copy, { force: true })
  await copyFile(location, copy, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  const handle = await open(copy, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function checkCopy({ verify, have, to }: MoveInit): Promise<void> {
  const intact = await verify()
  for (let piece = 0; piece < have.length; piece++) {
    if (have.has(piece) && !intact.has(piece))
      throw new P2pShareError('ERR_CANNOT_WRITE', `The copy at ${to} is not like its original: try again`)
  }
}
