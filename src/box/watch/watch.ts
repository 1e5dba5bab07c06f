import { dirname, resolve, sep } from 'node:path'
import { P2pShareError } from '../../core/index.ts'
import type { Swarm } from '../../swarm/index.ts'
import type { WatchedFolder as FolderSettings } from '../config/box-config.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import type { FolderEventsInit } from './folder-events.ts'
import type { ListingParts } from './folder-listings.ts'
import type { Listings } from './listing.ts'
import { SeenStore } from './seen-store.ts'
import { Sharing } from './sharing.ts'
import { Unlisting } from './unlisting.ts'
import { WatchedFolder } from './watched-folder.ts'

export interface WatchInit {
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly database: BoxDatabase
  /** Told of what has to wait, once for as long as it does. */
  readonly onProblem: (what: string, error: unknown) => void
  /** Told of what somebody may want to know. */
  readonly onNotice?: ((message: string) => void) | undefined
  /** Told of each thing that is listed, withdrawn or moved: of thousands too many for anything but a log. */
  readonly log?: ((message: string) => void) | undefined
  /** Where the rules ask for it, what is shared is listed there. @default nowhere */
  readonly listings?: Listings | undefined
  /** How often everything is looked at, whatever the system tells; in milliseconds. @default 300_000 */
  readonly rescanMs?: number | undefined
  /** The same where the system tells nothing, and where a folder is not there. @default 10_000 */
  readonly pollMs?: number | undefined
  readonly watch?: FolderEventsInit['watch']
}

/** What is shared from a path. */
export interface WatchedShare {
  readonly path: string
  readonly item: Item
}

/** What all folders have in common. */
interface Parts {
  readonly seen: SeenStore
  readonly sharing: Sharing
  readonly listing: ListingParts | undefined
}

const defaultRescanMs = 300_000
const defaultPollMs = 10_000

/** Shares what is dropped into watched folders, and follows what becomes of it there. Nothing in them is ever written or deleted. */
export class Watch {
  readonly #init: WatchInit
  readonly #folders = new Map<string, WatchedFolder>()
  #parts: Parts | undefined
  #applying: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(init: WatchInit) {
    this.#init = init
  }

  /**
   * Watches just these folders from now on; others are left as they are, and what was shared from them is held back until they are
   * watched again.
   *
   * @throws {P2pShareError} `ERR_DATABASE`
   */
  apply(folders: readonly FolderSettings[]): Promise<void> {
    const applying = this.#applying.then(() => this.#apply(folders))
    this.#applying = applying.catch(() => {})
    return applying
  }

  /** What somebody should put right in the folders: until then each is named, or counted where there are many. */
  notices(): readonly string[] {
    return [...this.#folders.values()].flatMap(folder => folder.notices())
  }

  /**
   * What is shared from a path: the clip or album that is there, or that it is in; else all that is below it.
   * @throws {P2pShareError} `ERR_NO_SUCH_TRANSFER` where there is nothing, or not yet
   */
  sharesAt(path: string): readonly WatchedShare[] {
    const { seen } = this.#parts ?? {}
    for (let at = path; seen; at = dirname(at)) {
      const known = seen.get(at)
      const item = known && this.#init.shelf.lookUp(known.infoHash)
      if (item) return [{ path: at, item }]
      if ([...this.#folders.values()].some(folder => folder.isWaiting(at)))
        throw new P2pShareError(
          'ERR_NO_SUCH_TRANSFER',
          `${at} is not shared yet: it has to stop changing, and be hashed; try again in a while`,
        )
      if (dirname(at) === at) break
    }
    return this.#sharesBelow(path)
  }

  /** Leaves everything as it is, for the next start. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#applying
    const folders = [...this.#folders.values()]
    await Promise.all([this.#parts?.sharing.stop(), ...folders.map(folder => folder.stop())])
  }

  async #apply(folders: readonly FolderSettings[]): Promise<void> {
    if (this.#isStopped) return
    const wanted = new Map(
      folders.map(settings => [resolve(settings.path), { ...settings, path: resolve(settings.path) }]),
    )
    this.#parts ??= await this.#open()
    const { seen, sharing } = this.#parts
    for (const [path, folder] of this.#folders) {
      if (wanted.has(path)) continue
      this.#folders.delete(path)
      await folder.stop()
    }
    for (const path of seen.folders())
      if (!wanted.has(path)) sharing.setMissing(seen.inFolder(path), unwatched(path))
    for (const settings of wanted.values()) {
      const known = this.#folders.get(settings.path)
      if (known) known.update(settings)
      else this.#start(settings, this.#parts)
    }
  }

  async #open(): Promise<Parts> {
    const { shelf, swarm, database, listings, onProblem, onNotice, log } = this.#init
    const seen = await SeenStore.open(database)
    const sharing = new Sharing({ shelf, swarm, seen, log })
    const unlisting = listings && new Unlisting({ shelf, seen, sharing, listings, onProblem, onNotice })
    return { seen, sharing, listing: listings && unlisting && { listings, unlisting } }
  }

  #start(settings: FolderSettings, parts: Parts): void {
    const { onProblem, onNotice = () => {}, log = () => {}, watch } = this.#init
    const { rescanMs = defaultRescanMs, pollMs = defaultPollMs } = this.#init
    const isWatched = (path: string) => this.#folders.has(path)
    const folder = new WatchedFolder(settings, {
      ...{ ...parts, onProblem, onNotice, log, watch, rescanMs, pollMs, isWatched },
    })
    this.#folders.set(settings.path, folder)
    folder.start()
  }

  #sharesBelow(path: string): readonly WatchedShare[] {
    const { seen } = this.#parts ?? {}
    const folders = seen?.folders().filter(folder => `${folder}${sep}`.startsWith(`${path}${sep}`)) ?? []
    const below = folders
      .flatMap(folder => seen!.inFolder(folder))
      .flatMap(({ path: at, infoHash }) => {
        const item = this.#init.shelf.lookUp(infoHash)
        return item ? [{ path: at, item }] : []
      })
    if (below.length > 0) return below
    throw new P2pShareError('ERR_NO_SUCH_TRANSFER', `Nothing is shared from ${path}`)
  }
}

function unwatched(folder: string): P2pShareError {
  return new P2pShareError(
    'ERR_PATH_NOT_FOUND',
    `${folder} is not watched any more: what is shared from it waits until it is, or is removed`,
  )
}
