import { type Hex, parseMetainfo } from '../../../core/index.ts'
import type { Listing } from '../../listing/record.ts'
import type { Site } from '../site.ts'

const maxShown = 200
const maxKept = 500

/** Files of a torrent as a page shows them. */
export interface ListedFiles {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[]
  /** Beyond those in `files`. */
  readonly moreCount: number
}

/** Reads the files of listings whose .torrent is known here; what was read last is kept. */
export class FileLists {
  readonly #store: Site['store']
  readonly #kept = new Map<Hex, ListedFiles>()

  constructor({ store }: Pick<Site, 'store'>) {
    this.#store = store
  }

  async of({
    infoHash,
    infoHashV2,
  }: Pick<Listing, 'infoHash' | 'infoHashV2'>): Promise<ListedFiles | undefined> {
    const hash = infoHash ?? infoHashV2!
    const kept = this.#kept.get(hash)
    if (kept) return kept
    const torrent = await this.#store.torrent(hash)
    if (!torrent) return undefined
    const files = parseMetainfo(torrent).files.filter(({ isPad, isLink }) => !isPad && !isLink)
    const listed = {
      files: files.slice(0, maxShown).map(({ path, sizeBytes }) => ({ path, sizeBytes })),
      moreCount: Math.max(0, files.length - maxShown),
    }
    if (this.#kept.size >= maxKept) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(hash, listed)
    return listed
  }
}
