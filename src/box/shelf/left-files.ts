import { fewAtOnce, isThere, type SourceFile } from '../../core/index.ts'
import type { CleanCopies } from './clean-copies.ts'
import type { Item } from './item.ts'

const looksAtOnce = 16

/** Those of some paths at which something is. */
async function thoseThere(paths: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>()
  const look = async (path: string) => {
    if (await isThere(path)) found.add(path)
  }
  await fewAtOnce(paths, look, looksAtOnce)
  return paths.filter(path => found.has(path))
}

interface EndedWith {
  /** Of a share, where its data is to go. */
  readonly sources: readonly SourceFile[]
  readonly copies: CleanCopies
  readonly data: boolean
}

/** Ends what is forgotten. Answers, where its data was to go, the files that stay. */
export async function endItem(item: Item, { sources, copies, data }: EndedWith): Promise<readonly string[]> {
  const { transfer, entry } = item
  if (entry.source.kind === 'get') return forgetDownload(transfer, data)
  await transfer?.stop()
  await copies.sweep()
  return thoseThere(sources.map(({ source }) => source).filter(path => !copies.isCopy(path)))
}

async function forgetDownload(transfer: Item['transfer'], data: boolean): Promise<readonly string[]> {
  if (!transfer) return []
  if (transfer.state !== 'failed' && transfer.state !== 'stopped') return transfer.remove({ data })
  // It has let go of its files, and nobody knows any more which of them are ours.
  await transfer.stop()
  return data && transfer.path !== undefined ? thoseThere([transfer.path]) : []
}
