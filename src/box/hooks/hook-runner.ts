import { type ChildProcess, spawn } from 'node:child_process'
import { hasGroups, signalGroup } from './hook-group.ts'
import { HookOutput } from './hook-output.ts'
import type { HookVariables } from './hook-variables.ts'

export interface HookRunnerInit {
  /** What every program finds in its environment. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Told what became of each, a line at a time. */
  readonly log: (line: string) => void
  /** @default 300_000 */
  readonly timeoutMs?: number | undefined
}

interface Run {
  /** Names it in the log. */
  readonly title: string
  readonly program: readonly [file: string, ...args: string[]]
  readonly variables: HookVariables
  /** Those that are about the same are run one after another. @default about nothing that others are about */
  readonly about?: string | undefined
  /** It is being run: from now on it waits no longer. */
  readonly onBegin?: (() => void) | undefined
}

/** `waiting` for its turn, or for the next start of the box; `refused` for good, as the log says. */
type RunBecame = 'begun' | 'waiting' | 'refused'

const atOnce = 4
const maxWaiting = 1_000
const usualTimeoutMs = 300_000
/** From being asked to end until it is ended. */
const graceMs = 5_000
/** What a program leaves behind may hold on to its output. */
const leftoversMs = 1_000

/** Runs programs without a shell, a few at a time and none for ever: what takes too long is ended with all that it has started. */
export class HookRunner {
  readonly #init: HookRunnerInit
  readonly #waiting: Run[] = []
  /** With what each is about. */
  readonly #running = new Map<ChildProcess, string | undefined>()
  #isStopped = false

  constructor(init: HookRunnerInit) {
    this.#init = init
  }

  get running(): number {
    return this.#running.size
  }

  get waiting(): number {
    return this.#waiting.length
  }

  run(run: Run): RunBecame {
    if (this.#isStopped) return 'waiting'
    const reason = this.#reasonAgainst(run)
    if (reason) {
      this.#init.log(`${run.title}: not run, ${reason}`)
      return 'refused'
    }
    this.#waiting.push(run)
    this.#next()
    return this.#waiting.includes(run) ? 'waiting' : 'begun'
  }

  /** Asks those that run to end; the others are for the next start. */
  stop(): void {
    this.#isStopped = true
    this.#waiting.length = 0
    for (const child of this.#running.keys()) signalGroup(child, 'SIGTERM')
  }

  #reasonAgainst({ program, variables }: Run): string | undefined {
    if ([...program, ...Object.values(variables)].some(text => text.includes('\0')))
      return 'a NUL cannot be handed to a program'
    return this.#waiting.length >= maxWaiting ? `${maxWaiting} others wait` : undefined
  }

  #next(): void {
    while (this.#running.size < atOnce) {
      const busy = new Set(this.#running.values())
      const at = this.#waiting.findIndex(({ about }) => about === undefined || !busy.has(about))
      if (at < 0) return
      this.#begin(this.#waiting.splice(at, 1)[0]!)
    }
  }

  #begin({ title, program: [file, ...args], variables, about, onBegin }: Run): void {
    const { environment, log, timeoutMs = usualTimeoutMs } = this.#init
    const startMs = performance.now()
    let child: ChildProcess
    try {
      child = spawn(file, args, {
        env: { ...environment, ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
        windowsHide: true,
        detached: hasGroups,
      })
    } catch (error) {
      log(`${title}: ${(error as Error).message}`)
      return
    } finally {
      onBegin?.()
    }
    this.#running.set(child, about)
    const output = new HookOutput(child)
    let problem: string | undefined
    const timers = [
      setTimeout(() => {
        problem = `ended, it took more than ${timeoutMs / 1_000} s`
        signalGroup(child, 'SIGTERM')
        timers.push(setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref())
      }, timeoutMs).unref(),
    ]
    const onEnd = (how: string) => {
      if (!this.#running.delete(child)) return
      for (const timer of timers) clearTimeout(timer)
      log(`${title}: ${problem ?? how} after ${((performance.now() - startMs) / 1_000).toFixed(1)} s`)
      for (const line of output.lines()) log(`${title}: ${line}`)
      this.#next()
    }
    child.once('error', error => onEnd(`cannot be run: ${error.message}`))
    child.once('exit', () => {
      if (problem !== undefined) signalGroup(child, 'SIGKILL')
      timers.push(setTimeout(() => output.close(), leftoversMs).unref())
    })
    child.once('close', (code, signal) => onEnd(signal ? `ended by ${signal}` : `ended with ${code}`))
  }
}
