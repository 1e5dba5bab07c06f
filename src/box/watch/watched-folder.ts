import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { WatchedFolder as FolderSettings } from '../config/box-config.ts'
import { FolderEvents, type FolderEventsInit } from './folder-events.ts'
import { FolderListings, type ListingParts } from './folder-listings.ts'
import { albumRules, folderRules, type Rules, rulesFile } from './folder-rules.ts'
import type { Found } from './found.ts'
import { movedFrom } from './moved-from.ts'
import { Presence } from './presence.ts'
import { Refusals } from './refusals.ts'
import type { SeenStore } from './seen-store.ts'
import { Settling } from './settling.ts'
import type { Placed, Sharing } from './sharing.ts'
import { isLeftOut, survey } from './survey.ts'
import { ToldPlaces } from './told-places.ts'
import { Troubles, unreadable } from './troubles.ts'
import { WakeTimer } from './wake-timer.ts'

export interface FolderInit {
  readonly seen: SeenStore
  readonly sharing: Sharing
  /** Without it nothing is put into a catalog. */
  readonly listing: ListingParts | undefined
  /** Whether a path is that of a watched folder: it is looked after by itself. */
  readonly isWatched: (path: string) => boolean
  /** How often all is looked at, whatever the system tells; in milliseconds. */
  readonly rescanMs: number
  /** The same where the system does not tell what changes, and where a folder is not there. */
  readonly pollMs: number
  readonly onProblem: (what: string, error: unknown) => void
  readonly onNotice: (message: string) => void
  readonly log: (message: string) => void
  readonly watch?: FolderEventsInit['watch']
}

/** Many changes come together; they are looked at together. */
const quietMs = 100
const looksAtOnce = 32
/** What is gone may have been moved to where it is yet to be seen: taken from the shelf, it would be hashed anew there. */
const leastGoneMs = 1_000
/** A look at all is not begun anew before so many times as long has passed as it took: of many thousands it takes seconds. */
const pause = 10

/** Follows what is dropped into one folder, changed, moved and deleted there. It never writes there. */
export class WatchedFolder {
  readonly #init: FolderInit
  readonly #events: FolderEvents
  readonly #presence: Presence
  readonly #troubles: Troubles
  readonly #places: ToldPlaces
  /** What is new or changed, until it has stopped changing; and what is gone, until it surely is. */
  readonly #settling = new Settling(() => this.#settings.settle)
  readonly #goneMs = () => Math.max(this.#settings.settle, leastGoneMs)
  readonly #going = new Settling(this.#goneMs)
  readonly #listings: FolderListings | undefined
  /** What is being hashed, moved or removed. */
  readonly #busy = new Set<string>()
  readonly #refusals = new Refusals()
  readonly #dirty = new Set<string>()
  readonly #timer = new WakeTimer(() => this.#pass())
  #settings: FolderSettings
  #isAllDirty = true
  #isPolling = false
  #wholeAtMs = 0

  constructor(settings: FolderSettings, init: FolderInit) {
    this.#init = init
    this.#settings = settings
    this.#troubles = new Troubles(init.onProblem)
    this.#places = new ToldPlaces({ ...init, root: settings.path })
    this.#presence = new Presence(settings.path, init)
    this.#events = new FolderEvents({
      root: settings.path,
      onEvent: name => this.#mark(name),
      onRefused: error => {
        this.#isPolling = true
        this.#wholeAtMs = Math.min(this.#wholeAtMs, this.#now + init.pollMs)
        init.onProblem(
          `The system does not tell what changes in ${settings.path}: it is looked at now and then`,
          error,
        )
      },
      watch: init.watch,
    })
    if (init.listing)
      this.#listings = new FolderListings({
        ...{ ...init, ...init.listing },
        waitMs: this.#goneMs,
        isMissing: async () => (await this.#presence.look()) === 'missing',
        begin: (path, word, work) => this.#begin(path, word, work),
      })
  }

  /** What somebody should put right for all of it to be shared. */
  notices(): readonly string[] {
    return [...this.#troubles.notices(this.#settings.path), ...this.#places.notices]
  }

  start(): void {
    this.#timer.wakeAt(this.#now)
  }

  /** Other settings of the same folder. */
  update(settings: FolderSettings): void {
    this.#settings = settings
    this.#mark(undefined)
  }

  /** Whether something at this path is new or changed, and about to be shared. */
  isWaiting(path: string): boolean {
    return this.#settling.has(path) || this.#busy.has(path)
  }

  async stop(): Promise<void> {
    this.#events.close()
    await this.#timer.stop()
  }

  get #waits(): Settling[] {
    return [this.#settling, this.#going, ...(this.#listings ? [this.#listings.unwanted] : [])]
  }

  get #now(): number {
    return performance.now()
  }

  #mark(name: string | undefined): void {
    if (name === undefined || name === rulesFile) this.#isAllDirty = true
    else this.#dirty.add(name)
    this.#timer.wakeAt(this.#now + quietMs)
  }

  async #pass(): Promise<void> {
    const { rescanMs, pollMs, sharing } = this.#init
    const { path: root } = this.#settings
    const startMs = this.#now
    const presence = await this.#presence.look()
    if (presence !== 'same') {
      this.#isAllDirty = true
      this.#isPolling = false
      this.#events.close()
    }
    if (presence === 'missing') return this.#waitWith(this.#presence.problem, startMs)
    this.#events.open()

    const isWhole = this.#isAllDirty || startMs >= this.#wholeAtMs
    const paths = new Set(Array.from(this.#dirty, name => join(root, name)))
    this.#dirty.clear()
    this.#isAllDirty = false
    if (isWhole) this.#wholeAtMs = startMs + (this.#isPolling ? pollMs : rescanMs)
    try {
      const rules = await folderRules(this.#settings)
      if (rules.location !== undefined) this.#places.forget()
      for (const wait of this.#waits) for (const path of wait.takeDue(startMs)) paths.add(path)
      if (isWhole) for (const path of await this.#all()) paths.add(path)
      const fetched = sharing.fetchedPaths()
      const left = paths.values()
      const work = async () => {
        for (const path of left) await this.#look(path, rules, fetched)
      }
      await Promise.all(Array.from({ length: looksAtOnce }, work))
    } catch (error) {
      // The rules, or the folder.
      this.#isAllDirty = true
      return this.#waitWith(error, startMs)
    }
    this.#troubles.set(root, [])
    if (isWhole) this.#wholeAtMs = Math.max(this.#wholeAtMs, this.#now + pause * (this.#now - startMs))
    const nextMs = Math.min(this.#wholeAtMs, ...this.#waits.map(wait => wait.nextMs))
    this.#timer.wakeAt(Math.max(this.#now, nextMs))
  }

  /** All that is in the folder waits. */
  #waitWith(error: unknown, startMs: number): void {
    const { pollMs, rescanMs } = this.#init
    this.#troubles.set(this.#settings.path, [error])
    this.#timer.wakeAt(startMs + Math.min(pollMs, rescanMs))
  }

  /** Every path that is there, or was. */
  async #all(): Promise<string[]> {
    const { path: root } = this.#settings
    const names = await readdir(root).catch(error => {
      throw unreadable({ path: root, error })
    })
    return [
      ...names.map(name => join(root, name)),
      ...this.#init.seen.inFolder(root).map(({ path }) => path),
      ...this.#settling.paths,
      ...this.#going.paths,
    ]
  }

  async #look(path: string, ofFolder: Rules, fetched: ReadonlySet<string>): Promise<void> {
    if (this.#busy.has(path) || this.#init.sharing.signal.aborted) return
    const name = basename(path)
    const isOthers = this.#init.isWatched(path) || fetched.has(path)
    const folders = new Set<string>()
    const errors: unknown[] = []
    try {
      const found =
        isLeftOut(name) || isOthers
          ? undefined
          : await survey(path, folder => {
              folders.add(folder)
              this.#events.add(name, folder)
            })
      this.#events.keepOnly(name, folders)
      errors.push(...(found?.unreadable ?? []).map(unreadable))
      const rules = found?.kind === 'album' ? await albumRules(path, ofFolder) : ofFolder
      if (!found || rules.location !== undefined) this.#places.forget(path)
      if (!found || rules.ignore) await this.#onGone(path, rules.ignore)
      else if (found.files.length > 0) await this.#onFound(found, rules)
    } catch (error) {
      this.#settling.forget(path)
      errors.push(unreadable({ path, error }))
    }
    const refused = this.#refusals.errorOf(path)
    this.#troubles.set(path, refused ? [...errors, refused] : errors)
  }

  async #onFound(found: Found, rules: Rules): Promise<void> {
    const { seen, sharing } = this.#init
    const { path, stamp, identity, unrest, kind } = found
    this.#going.forget(path)
    const placed = this.#placed(found, rules)
    const madeWith = kind === 'link' ? '' : JSON.stringify(placed.madeWith)
    const known = this.#refusals.stillKnown(seen.get(path))
    if (known?.stamp === stamp && known.madeWith === madeWith) {
      this.#settling.forget(path)
      sharing.setMissing([known], undefined)
      // Some disks give other inodes each time they are mounted.
      if (known.identity !== identity) await seen.put({ ...known, identity }, found.files)
      if (rules.location === undefined && sharing.itemOf(known)) this.#places.lookLater(found)
      this.#listings?.tend(seen.get(path) ?? known, found, rules, this.#now)
      return
    }
    const from = known?.identity === identity ? known : await movedFrom(found, seen)
    const isSame = from?.kind === kind && from.madeWith === madeWith
    if (isSame) return this.#begin(path, `move ${stamp}`, () => sharing.move(from, found, placed))
    const word = `${unrest} ${madeWith}`
    if (!this.#settling.isSettled(path, word, this.#now)) return
    this.#settling.forget(path)
    this.#begin(path, word, async () => {
      if (kind === 'link') return sharing.fetch(found, placed)
      await sharing.share(found, placed)
      if (rules.location === undefined) await this.#places.look(found)
    })
  }

  async #onGone(path: string, isIgnored: boolean): Promise<void> {
    const { seen, sharing, listing } = this.#init
    this.#settling.forget(path)
    this.#listings?.unwanted.forget(path)
    const known = seen.get(path)
    if (!known) {
      this.#refusals.forget(path)
      return this.#going.forget(path)
    }
    if (!this.#going.isSettled(path, '', this.#now)) return
    this.#going.forget(path)
    // The disk may have gone at this moment.
    if ((await this.#presence.look()) === 'missing') return
    if (known.isElsewhere && !isIgnored) sharing.setMissing([known], this.#presence.absence(path))
    else this.#begin(path, 'remove', () => sharing.remove(known, listing?.listings))
  }

  #placed({ device }: Found, { location = 'keep', name }: Rules): Placed {
    return {
      folder: this.#settings.path,
      isElsewhere: this.#presence.device !== device,
      madeWith: { location, ...(name !== undefined && { name }) },
    }
  }

  /** Does something with what is at a path, and looks there again. What failed is not tried at once again. */
  #begin(path: string, word: string, work: () => Promise<void>): void {
    const { sharing, pollMs } = this.#init
    const untilMs = this.#refusals.untilMs(path, word, this.#now)
    if (untilMs !== undefined) {
      if (untilMs < Number.POSITIVE_INFINITY) this.#dirty.add(basename(path))
      this.#timer.wakeAt(untilMs)
      return
    }
    this.#busy.add(path)
    const done = sharing.run(work).then(
      () => this.#refusals.forget(path),
      error => this.#refusals.add(path, word, error, this.#now + pollMs),
    )
    void done.finally(() => {
      this.#busy.delete(path)
      if (!sharing.signal.aborted) this.#mark(basename(path))
    })
  }
}
