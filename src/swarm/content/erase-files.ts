import { lstat, rmdir, unlink } from 'node:fs/promises'
import { dirname, relative, sep } from 'node:path'
import { type FileStamp, isSameStamp } from '../store/file-stamp.ts'

/** A file that we wrote, and what it was like when we last did. */
export interface OwnFile {
  readonly location: string
  readonly stamp: FileStamp | undefined
}

/**
 * Deletes files that we wrote, then the folders that are left empty.
 *
 * @param top the folder that all of them are in, deleted last if it is empty; without it no folder is deleted
 * @returns what was left, because it is not as we wrote it or is reached through a link
 */
export async function eraseFiles(files: readonly OwnFile[], top: string | undefined): Promise<string[]> {
  const kept: string[] = []
  const folders = new Map<string, boolean>()
  for (const { location, stamp } of files) {
    const folder = dirname(location)
    if (!folders.has(folder)) folders.set(folder, await isReachedDirectly(top ?? folder, folder))
    const found = await lstat(location).catch(() => undefined)
    if (!found) continue
    const isOurs =
      folders.get(folder) &&
      found.isFile() &&
      isSameStamp(stamp, { sizeBytes: found.size, modifiedMs: found.mtimeMs })
    const isGone = isOurs && (await unlink(location).then(yes, no))
    if (!isGone) kept.push(location)
  }
  if (top !== undefined) await removeEmpty(top, folders)
  return kept
}

/** Removes the folders, deepest first, and those above them up to the top; one that holds something else stays. */
async function removeEmpty(top: string, folders: ReadonlyMap<string, boolean>): Promise<void> {
  const all = new Set<string>([top])
  for (const [folder, isDirect] of folders) {
    if (!isDirect) continue
    for (let at = folder; at !== top && at.startsWith(top + sep) && !all.has(at); at = dirname(at))
      all.add(at)
  }
  const deepestFirst = [...all].sort((a, b) => b.length - a.length)
  for (const folder of deepestFirst) await rmdir(folder).catch(() => {})
}

/** Whether no folder from the top down is a link, which might lead anywhere. */
async function isReachedDirectly(top: string, folder: string): Promise<boolean> {
  let path = top
  for (const part of ['', ...relative(top, folder).split(sep)]) {
    if (part !== '') path += sep + part
    const found = await lstat(path).catch(() => undefined)
    if (!found?.isDirectory()) return false
  }
  return true
}

const yes = () => true
const no = () => false
