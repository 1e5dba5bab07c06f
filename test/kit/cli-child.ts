import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'
import { quietVariables } from './command.ts'
import type { Owner } from './owner.ts'
import { waitUntil } from './wait-until.ts'

const main = fileURLToPath(new URL('cli-main.ts', import.meta.url))

export interface CliChild extends Child {
  /** The objects of its `--json` so far. */
  events(): readonly Record<string, unknown>[]
  /** Waits for an object with this `event`. */
  event(name: string): Promise<Record<string, unknown>>
}

export interface CliOptions {
  readonly home: string
  readonly engine: string
  /** Put in front of the command, such as `prlimit` with what it takes. */
  readonly wrapper?: readonly string[]
}

/** Starts the command with `--json`, in a process of its own that finds nobody by itself. */
export function startCli(
  owner: Owner,
  args: readonly string[],
  { home, engine, wrapper = [] }: CliOptions,
): CliChild {
  const env = {
    ...process.env,
    ...quietVariables,
    P2PSHARE_HOME: home,
    P2PSHARE_ENGINE: engine,
    NODE_OPTIONS: '',
  }
  const [program, ...rest] = [...wrapper, process.execPath, main, ...args, '--json']
  const child = startChild(owner, program!, rest, { env })
  const events: Record<string, unknown>[] = []
  createInterface({ input: child.stdout }).on('line', line => {
    events.push(JSON.parse(line) as Record<string, unknown>)
  })
  return {
    ...child,
    events: () => events,
    event: name =>
      waitUntil(`the event ${name}`, () => events.find(({ event }) => event === name), {
        state: child.output,
      }),
  }
}
