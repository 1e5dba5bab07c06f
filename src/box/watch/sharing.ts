import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CreatedTorrent, mainInfoHash, P2pShareError, type SourceFile, Turns } from '../../core/index.ts'
import type { Swarm } from '../../swarm/index.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { fetchLink } from './dropped-link.ts'
import type { Found, FoundFile } from './found.ts'
import { type Listings, listingIdOf } from './listing.ts'
import type { Seen } from './seen.ts'
import type { SeenStore } from './seen-store.ts'
import { unfinishedGlobs } from './unfinished.ts'

export interface SharingInit {
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly seen: SeenStore
  /** Told of each thing that is moved or withdrawn. */
  readonly log?: ((message: string) => void) | undefined
}

/** Where something was found, and how it is shared. */
export interface Placed {
  readonly folder: string
  readonly isElsewhere: boolean
  readonly madeWith: MadeWith
}

/** The rules that change the torrent itself. */
export interface MadeWith {
  readonly location: 'keep' | 'strip'
  readonly name?: string | undefined
}

/** Small ones wait for the disk and the database rather than for a processor; large ones are hashed on all of them. */
const atOnce = 4

/** Who a share of a watched folder is from. */
function originOf(folder: string): string {
  return `watch:${folder}`
}

/** Brings the shelf in line with what was found in watched folders. It only ever reads what is there. */
export class Sharing {
  readonly #init: SharingInit
  readonly #turns = new Turns(atOnce)
  /** What moves at this moment must not be removed at the same. */
  readonly #oneByOne = new Turns(1)
  readonly #stopping = new AbortController()
  readonly #running = new Set<Promise<void>>()
  /** What was taken from the shelf here, and by nobody else. */
  readonly #dropped = new WeakSet<Item>()

  constructor(init: SharingInit) {
    this.#init = init
  }

  /** Aborted once it is stopped. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Does some work in its turn. */
  async run(work: () => Promise<void>): Promise<void> {
    const { signal } = this
    if (signal.aborted) return
    const running = this.#turns.run(work, { signal })
    const settled = running.catch(() => {}).finally(() => this.#running.delete(settled))
    this.#running.add(settled)
    await running
  }

  /** Does some work while nothing is moved or removed. */
  alone(work: () => Promise<void>): Promise<void> {
    return this.#oneByOne.run(work)
  }

  /** Whether something that was taken from the shelf was ours, and was taken by somebody else. */
  isTakenOut(item: Item): boolean {
    return isOurs(item) && !this.#dropped.has(item)
  }

  /** Ends the hashing, and waits until nothing runs. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#running)
  }

  /**
   * Hashes something, shares it, and takes what was shared of it before from the shelf.
   * @throws {P2pShareError} as `Swarm.create`
   */
  async share(found: Found, placed: Placed): Promise<void> {
    const { shelf, seen } = this.#init
    const created = await this.#create(found.path, placed.madeWith)
    const infoHash = mainInfoHash(created.metainfo)
    const before = seen.get(found.path)
    const earlier = before && before.infoHash !== infoHash ? shelf.lookUp(before.infoHash) : undefined
    const known = shelf.lookUp(infoHash)
    if (known) await this.#pointAt(known, created, found.path)
    else
      await shelf.share(created, {
        origin: originOf(placed.folder),
        labels: earlier?.entry.labels,
        isPaused: earlier?.entry.isPaused,
        path: found.path,
      })
    if (before && earlier) await this.#drop(before)
    await seen.put(seenOf(found, placed, infoHash, before?.listedAs), found.files)
  }

  /** Something was renamed or moved, without being changed: it stays the torrent that it was, and nothing is hashed. */
  move(from: Seen, found: Found, placed: Placed): Promise<void> {
    return this.alone(() => this.#move(from, found, placed))
  }

  /**
   * Something was deleted: nobody can have it from here any more, and no catalog of ours tells of it. What was fetched by a link
   * stays. What fails is begun anew by the next call.
   */
  remove(gone: Seen, listings: Listings | undefined): Promise<void> {
    return this.alone(async () => {
      if (this.#init.seen.get(gone.path) !== gone) return
      if (gone.kind !== 'link') await this.#drop(gone)
      const listing = listingIdOf(gone)
      if (listing !== undefined) await listings?.withdraw(listing)
      await this.#init.seen.delete(gone.path)
      if (listing !== undefined && listings)
        this.#init.log?.(`The listing of ${gone.path} is withdrawn: it was deleted, or a rule ignores it`)
    })
  }

  /**
   * Fetches what a `.torrent` or `.magnet` file names. One that cannot be used is remembered too.
   * @throws {P2pShareError} why it cannot be used
   */
  async fetch(found: Found, placed: Placed): Promise<void> {
    const { shelf, seen } = this.#init
    try {
      const item = await fetchLink(found, shelf, originOf(placed.folder))
      await seen.put(seenOf(found, placed, item.infoHash), found.files)
    } catch (error) {
      const isForGood = error instanceof P2pShareError && isOfTheFile(error)
      if (isForGood) await seen.put(seenOf(found, placed, ''), found.files)
      throw error
    }
  }

  /** What is shared of it, where a watched folder put that on the shelf. */
  itemOf({ infoHash }: Seen): Item | undefined {
    const item = this.#init.shelf.lookUp(infoHash)
    return item && isOurs(item) ? item : undefined
  }

  /** Where the box puts what it fetches itself: that is nothing that was dropped in. */
  fetchedPaths(): ReadonlySet<string> {
    const gets = this.#init.shelf.items().filter(({ entry }) => entry.source.kind === 'get')
    return new Set(gets.map(({ transfer, entry }) => transfer?.path ?? join(entry.source.folder, entry.name)))
  }

  /** Holds back what is shared of a place that is not there, or lets it go on with `undefined`. */
  setMissing(of: readonly Seen[], reason: P2pShareError | undefined): void {
    const { shelf } = this.#init
    const items = of.flatMap(({ kind, infoHash }) => (kind === 'link' ? [] : (shelf.lookUp(infoHash) ?? [])))
    const changed = items.filter(item => isOurs(item) && item.missing?.message !== reason?.message)
    if (changed.length > 0) shelf.setMissing(changed, reason)
  }

  async #move(from: Seen, found: Found, placed: Placed): Promise<void> {
    const { shelf, seen } = this.#init
    if (seen.get(from.path) !== from) return
    const item = shelf.lookUp(from.infoHash)
    if (item && isOurs(item)) {
      const moves = movesOf(from.path, await seen.files(from.path), found)
      const files = await shelf.sources(item)
      const moved = files.map(file => ({ ...file, source: moves.get(file.source) ?? file.source }))
      const isWhole = files.every(({ source }) => moves.has(source))
      if (!isWhole && placed.madeWith.location === 'strip') {
        // Copies without a position belong to the old path, and are made anew for the new one.
        const { name = item.entry.name } = item.transfer?.metainfo ?? {}
        const created = await this.#create(found.path, { name, ...placed.madeWith })
        if (mainInfoHash(created.metainfo) !== item.infoHash) return this.share(found, placed)
        await this.#pointAt(item, created, found.path)
      } else if (moved.some(({ source }, index) => source !== files[index]!.source))
        await shelf.relocate(item, moved)
      await this.#setPath(item, found.path)
    }
    await seen.put(seenOf(found, placed, from.infoHash, from.listedAs), found.files)
    if (from.path !== found.path) await seen.delete(from.path)
    if (item && isOurs(item)) {
      const where =
        from.path === found.path
          ? `files in ${found.path} were renamed or moved`
          : `shared from ${found.path} now, which was ${from.path}`
      this.#init.log?.(`Transfer ${item.id}, ${item.name}: ${where}`)
    }
  }

  #create(path: string, { location, name }: MadeWith): Promise<CreatedTorrent> {
    const { signal } = this
    return this.#init.swarm.create(path, {
      exclude: unfinishedGlobs,
      location,
      signal,
      ...(name !== undefined && { name }),
    })
  }

  /** What is on the shelf already is read from here, unless the same lies in another place still. */
  async #pointAt(item: Item, created: CreatedTorrent, path: string): Promise<void> {
    const { shelf, seen } = this.#init
    if (!isOurs(item)) return
    const others = seen.withHash(item.infoHash).filter(other => other.path !== path && other.kind !== 'link')
    for (const other of others) if (await isThere(other.path)) return
    if (!isSameFiles(await shelf.sources(item), created.sources)) await shelf.relocate(item, created.sources)
    await this.#setPath(item, path)
  }

  /** What is shared of it lies there now. */
  async #setPath(item: Item, path: string): Promise<void> {
    const { source } = item.entry
    if (source.path !== path) await this.#init.shelf.change(item, { source: { ...source, path } })
  }

  async #drop(gone: Seen): Promise<void> {
    const { shelf, seen } = this.#init
    const item = shelf.lookUp(gone.infoHash)
    if (!item || !isOurs(item)) return
    const [other] = seen
      .withHash(gone.infoHash)
      .filter(({ path, kind }) => path !== gone.path && kind !== 'link')
    if (!other) {
      this.#dropped.add(item)
      await shelf.remove(item)
      return
    }
    const created = await this.#create(other.path, JSON.parse(other.madeWith))
    const isSame = mainInfoHash(created.metainfo) === item.infoHash
    if (!isSame) return
    if (!isSameFiles(await shelf.sources(item), created.sources)) await shelf.relocate(item, created.sources)
    await this.#setPath(item, other.path)
  }
}

/** Whether it is of the file itself that it cannot be used, and not of this moment. */
export function isOfTheFile({ kind }: P2pShareError): boolean {
  return kind === 'input' || kind === 'integrity' || kind === 'denied'
}

/** Whether a watched folder put it on the shelf: what somebody else put there stays. */
function isOurs({ entry }: Item): boolean {
  return entry.source.kind === 'share' && entry.origin.startsWith('watch:')
}

function seenOf(found: Found, placed: Placed, infoHash: string, listedAs = ''): Seen {
  const { path, kind, stamp, identity } = found
  const { folder, isElsewhere, madeWith } = placed
  return {
    ...{ path, folder, kind, infoHash, stamp, identity, listedAs, isElsewhere },
    madeWith: kind === 'link' ? '' : JSON.stringify(madeWith),
  }
}

/** Where each file went, by absolute paths. */
function movesOf(from: string, before: readonly FoundFile[], { path, files }: Found): Map<string, string> {
  const wordOf = ({ sizeBytes, modifiedNs, inode }: FoundFile) => `${sizeBytes} ${modifiedNs} ${inode}`
  const now = Map.groupBy(files, wordOf)
  const moves = new Map<string, string>()
  for (const file of before) {
    const to = now.get(wordOf(file))?.shift()
    if (to) moves.set(join(from, file.path), join(path, to.path))
  }
  return moves
}

function isSameFiles(one: readonly SourceFile[], other: readonly SourceFile[]): boolean {
  return (
    one.length === other.length &&
    one.every((file, index) => {
      const { source, sizeBytes, modifiedMs } = other[index]!
      return file.source === source && file.sizeBytes === sizeBytes && file.modifiedMs === modifiedMs
    })
  )
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
