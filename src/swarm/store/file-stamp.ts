import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { P2pShareError, tellsAbsence } from '../../core/index.ts'

/** What tells whether a file is still the one that was hashed. */
export interface FileStamp {
  readonly sizeBytes: number
  /** Milliseconds since 1970, with the fraction that the file system keeps. */
  readonly modifiedMs: number
}

/** A file's stamp, or `undefined` where there is no regular file. */
export async function stampOf(location: string): Promise<FileStamp | undefined> {
  const found = await stat(location).catch(() => undefined)
  return found?.isFile() ? { sizeBytes: found.size, modifiedMs: found.mtimeMs } : undefined
}

/** Whether two stamps, or two files that are not there, are the same. */
export function isSameStamp(one: FileStamp | undefined, other: FileStamp | undefined): boolean {
  return one?.sizeBytes === other?.sizeBytes && one?.modifiedMs === other?.modifiedMs
}

/** `ERR_SOURCE_CHANGED` where a file is gone or is not the one that was hashed; `undefined` where it is. */
export async function lossOf(location: string, stamp: FileStamp): Promise<P2pShareError | undefined> {
  const found = await stampOf(location)
  if (!found) return goneError(location)
  return isSameStamp(found, stamp) ? undefined : lostError(location, 'changed')
}

/** The same of a file that is known not to be the one that was hashed. */
export async function lossAt(location: string): Promise<P2pShareError> {
  return (await stampOf(location)) ? lostError(location, 'changed') : goneError(location)
}

/** Of a file that is not there. Where its folder is not there either, as when a disk is gone, that speaks for all that was in it. */
export async function goneError(location: string): Promise<P2pShareError> {
  let gone = location
  for (let above = dirname(gone); above !== gone && (await isGone(above)); above = dirname(gone)) gone = above
  return lostError(gone, 'gone')
}

/** Whether there is nothing at a path, for certain. */
export function isGone(path: string): Promise<boolean> {
  return stat(path).then(() => false, tellsAbsence)
}

export function lostError(location: string, how: string): P2pShareError {
  return new P2pShareError(
    'ERR_SOURCE_CHANGED',
    `${location} is ${how}: put it back as it was, or share or fetch it anew`,
  )
}
