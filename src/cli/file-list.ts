import { listFiles, type Metainfo, mainInfoHash, visibleName } from '../core/index.ts'
import type { Env } from './env.ts'
import { formatSize } from './format.ts'
import type { Printer } from './printer.ts'
import { formatTable } from './table.ts'

/** A file of a torrent as `--json` gives it; `number` is what `get --select` takes. */
export function fileFacts(metainfo: Metainfo): { number: number; path: string; sizeBytes: number }[] {
  return listFiles(metainfo.files).map(({ number, file }) => ({
    number,
    path: file.path,
    sizeBytes: file.sizeBytes,
  }))
}

/** Prints what a torrent holds, numbered as `get --select` takes it. */
export async function printFiles(metainfo: Metainfo, env: Env, printer: Printer): Promise<void> {
  const files = fileFacts(metainfo)
  for (const file of files) printer.event('file', { infoHash: mainInfoHash(metainfo), ...file })
  if (printer.isJson) return
  const rows = files.map(({ number, path, sizeBytes }) => [
    `${number}`,
    formatSize(sizeBytes),
    visibleName(path),
  ])
  printer.result(await formatTable(['>#', '>Size', 'Path'], rows, env.stdout, env))
}
