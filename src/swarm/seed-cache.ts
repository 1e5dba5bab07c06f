import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreatedTorrent, parseMetainfo, type Scan } from '../core/index.ts'

const maxKept = 1_000
/** Forgotten at once, because finding the oldest takes a look at each. */
const forgottenAtOnce = 100

interface Stored {
  /** Indexes into the scan's files, in the order of the torrent: a hybrid one sorts them. */
  order: number[]
  /** The .torrent in base64. */
  torrent: string
}

/** Torrents made before, so that sharing the same unchanged files again costs no hashing. The oldest are forgotten. */
export class SeedCache {
  readonly #folder: string
  /** How many more there is room for, at least; before the folder was looked at, none. */
  #roomLeft = 0

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The torrent that was made of just these files, sizes, times and options; `undefined` where there is none. */
  async find(scan: Scan, options: object): Promise<CreatedTorrent | undefined> {
    try {
      const { order, torrent }: Stored = JSON.parse(await readFile(this.#path(scan, options), 'utf8'))
      const bytes = Buffer.from(torrent, 'base64')
      const sources = order.map(index => scan.files[index]!)
      if (new Set(order).size !== scan.files.length || sources.includes(undefined!)) return undefined
      return { bytes, metainfo: parseMetainfo(bytes), sources, skipped: scan.skipped }
    } catch {
      // Missing or damaged: it is made again.
      return undefined
    }
  }

  async keep(scan: Scan, options: object, { bytes, sources }: CreatedTorrent): Promise<void> {
    const indexes = new Map(scan.files.map((file, index) => [file, index]))
    const order = sources.map(source => indexes.get(source)!)
    const stored: Stored = { order, torrent: Buffer.from(bytes).toString('base64') }
    await mkdir(this.#folder, { recursive: true })
    // Not flushed: of thousands that takes longer than the hashing, and one that a crash leaves torn is made again.
    await writeFile(this.#path(scan, options), JSON.stringify(stored))
    await this.#forgetOldest()
  }

  async #forgetOldest(): Promise<void> {
    this.#roomLeft--
    if (this.#roomLeft > 0) return
    const names = await readdir(this.#folder)
    this.#roomLeft = maxKept - names.length
    if (names.length <= maxKept) return
    this.#roomLeft = forgottenAtOnce
    const aged = await Promise.all(
      names.map(async name => ({ name, at: (await stat(join(this.#folder, name))).mtimeMs })),
    )
    aged.sort((a, b) => a.at - b.at)
    for (const { name } of aged.slice(0, names.length - maxKept + forgottenAtOnce))
      await rm(join(this.#folder, name), { force: true })
  }

  #path({ name, files }: Scan, options: object): string {
    const key = createHash('sha256')
      .update(JSON.stringify([name, files, options]))
      .digest('hex')
    return join(this.#folder, `${key.slice(0, 40)}.json`)
  }
}
