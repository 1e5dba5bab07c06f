import type { BoxClock } from '../clock.ts'
import type { BoxConfig } from '../config/box-config.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { hookEnvironment } from './hook-environment.ts'
import { HookRunner } from './hook-runner.ts'
import { HookStore, type WaitingHook } from './hook-store.ts'
import { type HookEvent, hookVariables } from './hook-variables.ts'

export interface HooksInit {
  readonly shelf: Shelf
  readonly settings: () => BoxConfig['hooks']
  /** Of the box itself. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: BoxClock
  readonly log: (line: string) => void
  /** Keeps what waits over restarts. */
  readonly database: BoxDatabase
}

/** The box may not answer yet to a program that asks it as it starts. */
const firstMs = 1_000

/**
 * Runs the programs of the settings as something is added or done, and those that waited when the box was stopped. One that has begun is
 * not run again, however it ends: it may have been what stopped the box. Answers what runs them.
 */
export function startHooks({ shelf, settings, variables, clock, log, database }: HooksInit): HookRunner {
  const runner = new HookRunner({ environment: hookEnvironment(variables), log })
  const store = new HookStore(database)
  const tell = (error: Error) => log(`Hooks that wait cannot be kept: ${error.message}`)

  /** @param number of one that is kept already */
  const run = (hook: WaitingHook, number?: number) => {
    let kept = number === undefined ? undefined : Promise.resolve(number)
    const forget = () => void kept?.then(one => store.remove(one)).catch(tell)
    const [file, ...args] = settings()[hook.event]
    if (!file) return forget()
    const { title, variables } = hook
    const about = variables.P2PSHARE_ID
    const became = runner.run({ title, program: [file, ...args], variables, about, onBegin: forget })
    if (became === 'refused') forget()
    if (became !== 'waiting' || kept) return
    kept = store.add(hook)
    kept.catch(tell)
  }
  const runFor = (event: HookEvent) => (item: Item) => {
    if (settings()[event].length === 0) return
    const title = `Hook of ${event}, ${item.name}`
    run({ event, title, variables: hookVariables(event, item, clock.now()) })
  }
  shelf.on('added', runFor('added'))
  shelf.on('done', runFor('done'))
  clock.after(firstMs, () => {
    store
      .all()
      .then(hooks => {
        for (const { number, ...hook } of hooks) run(hook, number)
      })
      .catch(tell)
  })
  return runner
}
