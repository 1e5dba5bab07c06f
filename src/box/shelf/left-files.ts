import { access } from 'node:fs/promises'
import { fewAtOnce, type SourceFile } from '../../core/index.ts'
import type { CleanCopies } from './clean-copies.ts'
import type { Item } from './item.ts'

const looksAtOnce = 16

/** Those of some paths at which something is. */
async function thoseThere(paths: readonly string[]): Promise<readonly string[]> {
  const gone = new Set<string>()
  await fewAtOnce(paths, path => access(path).catch(() => void gone.add(path)), looksAtOnce)
  return paths.filter(path => !gone.has(path))
}

/** Ends the sharing of files. Answers, where the data was to go, those that stay: all but copies that were made. */
export async function leaveShare(
  { transfer }: Item,
  files: readonly SourceFile[],
  copies: CleanCopies,
): Promise<readonly string[]> {
  await transfer?.stop()
  await copies.sweep()
  return thoseThere(files.map(({ source }) => source).filter(path => !copies.isCopy(path)))
}

/** Ends and forgets what is fetched. Answers, where its data was to go, the files that stay. */
export async function forgetDownload({ transfer }: Item, data: boolean): Promise<readonly string[]> {
  if (!transfer) return []
  if (transfer.state !== 'failed' && transfer.state !== 'stopped') return transfer.remove({ data })
  // It has let go of its files, and nobody knows any more which of them are ours.
  await transfer.stop()
  return data && transfer.path !== undefined ? thoseThere([transfer.path]) : []
}
