import { join } from 'node:path'
import { watchedForm } from '../../src/box/config/box-config.ts'
import { type BoxDatabase, openBoxDatabase } from '../../src/box/database/open-box-database.ts'
import { CleanCopies } from '../../src/box/shelf/clean-copies.ts'
import { EntryStore } from '../../src/box/shelf/entry-store.ts'
import type { Item } from '../../src/box/shelf/item.ts'
import { Shelf } from '../../src/box/shelf/shelf.ts'
import type { Listings } from '../../src/box/watch/listing.ts'
import { Watch, type WatchInit } from '../../src/box/watch/watch.ts'
import type { Swarm } from '../../src/index.ts'
import type { Owner } from './owner.ts'
import { startSwarm } from './swarm.ts'
import { temporaryFolder } from './temp-folder.ts'
import { waitUntil } from './wait-until.ts'

export interface WatchingInit extends Pick<WatchInit, 'rescanMs' | 'pollMs' | 'watch'> {
  /** @default a new folder */
  readonly root?: string | undefined
  /** @default a new one */
  readonly home?: string | undefined
  /** Of the folder, as the settings file has it. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  readonly listings?: Listings | undefined
}

/** One watched folder, with a shelf and a swarm of its own. */
export interface Watching {
  readonly watch: Watch
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly database: BoxDatabase
  readonly root: string
  readonly home: string
  readonly problems: string[]
  readonly notices: string[]
  /** How often something was hashed, or its cached hashes were looked up. */
  readonly created: () => number
  /** Other settings of the folder. */
  readonly set: (settings: Readonly<Record<string, unknown>>) => Promise<void>
  /** The item of that name, once it is seeded. */
  readonly seeded: (name: string) => Promise<Item>
  /** Waits until the items of the shelf are these, by name. */
  readonly holds: (...names: string[]) => Promise<void>
  /** Ends all of it, so that another can take up the same home. */
  readonly stop: () => Promise<void>
}

/** Watches a folder, with waits that suit a test. */
export async function startWatching(owner: Owner, init: WatchingInit = {}): Promise<Watching> {
  const root = init.root ?? (await temporaryFolder(owner, 'watched'))
  const home = init.home ?? (await temporaryFolder(owner, 'home'))
  const swarm = await startSwarm(owner, { home })
  const database = await openBoxDatabase(join(home, 'box.db'))
  const problems: string[] = []
  const onProblem = (what: string, error: unknown) => problems.push(`${what}: ${String(error)}`)
  const notices: string[] = []
  let created = 0
  const create = swarm.create.bind(swarm)
  swarm.create = (...args) => {
    created++
    return create(...args)
  }
  const shelf = new Shelf({
    swarm,
    store: new EntryStore(database),
    copies: new CleanCopies({ database, folder: join(home, 'data', 'clean'), onProblem }),
    downloads: () => join(home, 'downloads'),
    limits: () => ({ downloads: 0, seeds: 0, ratio: 0, seedMs: 0 }),
    onProblem,
  })
  await shelf.restore()
  const { rescanMs, pollMs = 100, listings } = init
  const watch = new Watch({
    shelf,
    swarm,
    database,
    onProblem,
    onNotice: message => notices.push(message),
    rescanMs,
    pollMs,
    listings,
    watch: init.watch,
  })
  const set = (settings: Readonly<Record<string, unknown>>) =>
    watch.apply([watchedForm.parse({ path: root, settle: 0.05, ...settings })])
  await set(init.settings ?? {})
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      await Promise.all([watch.stop(), shelf.stop()])
      await swarm.stop()
      await database.destroy()
    })()
    return stopping
  }
  owner.teardown(stop)
  const namesNow = () => shelf.items().map(({ name }) => name)
  const state = () => ({ names: namesNow().slice(0, 20), problems })
  return {
    ...{ watch, shelf, swarm, database, root, home, problems, notices, set, stop },
    created: () => created,
    seeded: name =>
      waitUntil(
        `${name} is seeded`,
        () => shelf.items().find(item => item.name === name && item.state === 'seeding'),
        { state },
      ),
    holds: async (...names) => {
      const wanted = names.toSorted().join('\n')
      await waitUntil('the shelf holds what it should', () => namesNow().sort().join('\n') === wanted, {
        state,
      })
    },
  }
}
