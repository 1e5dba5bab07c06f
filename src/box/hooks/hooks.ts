import type { BoxClock } from '../clock.ts'
import type { BoxConfig } from '../config/box-config.ts'
import type { Item } from '../shelf/item.ts'
import type { Shelf } from '../shelf/shelf.ts'
import { hookEnvironment } from './hook-environment.ts'
import { HookRunner } from './hook-runner.ts'
import { type HookEvent, hookVariables } from './hook-variables.ts'

export interface HooksInit {
  readonly shelf: Shelf
  readonly settings: () => BoxConfig['hooks']
  /** Of the box itself. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: BoxClock
  readonly log: (line: string) => void
}

/** Runs the programs of the settings as something is added or done. Answers what runs them. */
export function startHooks({ shelf, settings, variables, clock, log }: HooksInit): HookRunner {
  const runner = new HookRunner({ environment: hookEnvironment(variables), log })
  const runFor = (event: HookEvent) => (item: Item) => {
    const [file, ...args] = settings()[event]
    if (!file) return
    runner.run({
      title: `Hook of ${event}, ${item.name}`,
      program: [file, ...args],
      variables: hookVariables(event, item, clock.now()),
    })
  }
  shelf.on('added', runFor('added'))
  shelf.on('done', runFor('done'))
  return runner
}
