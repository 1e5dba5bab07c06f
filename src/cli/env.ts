import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where a command writes: a terminal, a pipe or a file. */
export interface Screen extends NodeJS.WritableStream {
  readonly isTTY?: boolean
  /** Width of the terminal. */
  readonly columns?: number
  /** Its height. */
  readonly rows?: number
}

/** What a command is typed into, or reads from. */
interface Keyboard extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean
  /** Whether keys come one by one, without being shown. */
  setRawMode?(isRaw: boolean): unknown
}

/** Time as a command sees it. */
export interface Clock {
  now(): Date
  /** Milliseconds that never jump, from an arbitrary start. */
  monotonicMs(): number
  /** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/**
 * Everything that a command touches of the world around it, so that the commands run inside a test as they do in a
 * shell. Only start.ts makes one from `process`.
 */
export interface Env {
  /** What stands after the command's name. */
  readonly args: readonly string[]
  /** Absolute. */
  readonly cwd: string
  readonly stdin: Keyboard
  readonly stdout: Screen
  readonly stderr: Screen
  /** The environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** Aborts at the first Ctrl-C, SIGTERM or hang-up. */
  readonly signal: AbortSignal
  /**
   * Has SIGHUP do something else than to interrupt, until what this answers is called. A terminal that is closed still interrupts.
   */
  onHangUp(listener: () => void): () => void
  /** What starts this program, absolute, for whoever is to start it later. */
  readonly program: readonly [file: string, ...args: string[]]
  /** Does what Ctrl-C does, where keys come one by one and the terminal leaves it to us. */
  interrupt(): void
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async wait(ms, signal) {
    try {
      await sleep(ms, undefined, { signal })
    } catch {
      throw signal.reason
    }
  },
}

/** Whether lines on this screen can be rewritten: a terminal without a width, as containers have, is as good as a pipe. */
export function isLive(screen: Screen, env: Env): boolean {
  return screen.isTTY === true && screen.columns !== 0 && env.variables.TERM !== 'dumb'
}

/** Whether colours are welcome on this screen (https://no-color.org). */
export function hasColor(screen: Screen, env: Env): boolean {
  return isLive(screen, env) && !env.variables.NO_COLOR
}

/** Whether somebody is there who can be asked. */
export function canAsk(env: Env): boolean {
  return env.stdin.isTTY === true && isLive(env.stderr, env)
}

/** The folder that `P2PSHARE_HOME` names for all that is p2pshare's own; without it the platform's places are used. */
export function homeOf({ cwd, variables }: Env): string | undefined {
  return variables.P2PSHARE_HOME ? resolve(cwd, variables.P2PSHARE_HOME) : undefined
}
