import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreatedTorrent, parseMetainfo, type Scan, writeFileAtomic } from '../core/index.ts'

/** Torrents made before, so that sharing the same unchanged files again costs no hashing. */
export class SeedCache {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The torrent that was made of just these files, sizes, times and options; `undefined` where there is none. */
  async find(scan: Scan, options: object): Promise<CreatedTorrent | undefined> {
    try {
      const bytes = await readFile(this.#path(scan, options))
      return { bytes, metainfo: parseMetainfo(bytes), sources: scan.files, skipped: scan.skipped }
    } catch {
      // Missing or damaged: it is made again.
      return undefined
    }
  }

  async keep(scan: Scan, options: object, { bytes }: CreatedTorrent): Promise<void> {
    await writeFileAtomic(this.#path(scan, options), bytes)
  }

  #path({ name, files }: Scan, options: object): string {
    const key = createHash('sha256')
      .update(JSON.stringify([name, files, options]))
      .digest('hex')
    return join(this.#folder, `${key.slice(0, 40)}.torrent`)
  }
}
