import { setMaxListeners } from 'node:events'
import { clearLine, cursorTo, moveCursor } from 'node:readline'
import { PassThrough, Readable, Writable } from 'node:stream'
import type { ExecutionContext } from 'ava'
import { type Env, systemClock } from '../../src/cli/env.ts'
import { main } from '../../src/cli/main.ts'
import { temporaryFolder } from './temp-folder.ts'
import { waitUntil } from './wait-until.ts'

/** Switches everything off that would reach past this machine. */
export const quietVariables = {
  P2PSHARE_NO_DHT: '1',
  P2PSHARE_NO_LSD: '1',
  P2PSHARE_NO_PEX: '1',
  P2PSHARE_NO_NAT: '1',
  P2PSHARE_PORT: '0',
}

const shownOnFailure = 2000

export interface CommandOptions {
  /** @default a new empty folder */
  cwd?: string
  /** Beside {@link quietVariables} and a home of its own. */
  variables?: Record<string, string>
  stdin?: Uint8Array | string
  /** What somebody types on the terminal that stdin is then; it stays open. */
  typed?: string
  /** Columns of the terminal that stdout and stderr are; without it they are pipes. */
  columns?: number
  clock?: Env['clock']
}

/** A command that runs inside the test. */
export interface RunningCommand {
  readonly cwd: string
  stdout(): string
  /** What was written to stdout as bytes. */
  stdoutBytes(): Buffer
  stderr(): string
  /** The objects of `--json`, one a line. */
  events(): Record<string, unknown>[]
  /** Ctrl-C. */
  interrupt(): void
  /** SIGHUP. */
  hangUp(): void
  readonly exitCode: Promise<number>
  /** Waits for an object with this `event`. */
  event(name: string): Promise<Record<string, unknown>>
  /** Waits until stderr matches. */
  says(pattern: RegExp): Promise<void>
}

/** Starts the command line in-process; it is interrupted and waited for when the test ends. */
export async function startCommand(
  t: ExecutionContext,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<RunningCommand> {
  const { columns, stdin = '', typed, clock = systemClock } = options
  const cwd = options.cwd ?? (await temporaryFolder(t, 'cwd'))
  const home = options.variables?.P2PSHARE_HOME ?? (await temporaryFolder(t, 'home'))
  const stdout = new Capture(columns)
  const stderr = new Capture(columns)
  const interruption = new AbortController()
  setMaxListeners(0, interruption.signal)
  const interrupt = () => interruption.abort(new DOMException('Interrupted', 'AbortError'))
  const hangUps = new Set<() => void>()
  const exitCode = main({
    args,
    cwd,
    stdin: typed === undefined ? Readable.from([stdin]) : keyboard(typed),
    stdout,
    stderr,
    variables: { ...quietVariables, ...options.variables, P2PSHARE_HOME: home },
    clock,
    signal: interruption.signal,
    interrupt,
    onHangUp: listener => {
      hangUps.add(listener)
      return () => hangUps.delete(listener)
    },
    program: ['p2pshare'],
  })
  t.teardown(async () => {
    interrupt()
    await exitCode
  })
  const events = () =>
    stdout.text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Record<string, unknown>)
  const state = () => [stdout.text.slice(-shownOnFailure), stderr.text.slice(-shownOnFailure)]
  return {
    cwd,
    stdout: () => stdout.text,
    stdoutBytes: () => stdout.bytes,
    stderr: () => stderr.text,
    events,
    interrupt,
    hangUp: () => {
      for (const listener of hangUps) listener()
    },
    exitCode,
    event: name =>
      waitUntil(`the event ${name}`, () => events().find(({ event }) => event === name), { state }),
    says: async pattern => {
      await waitUntil(`stderr says ${pattern}`, () => pattern.test(stderr.text), { state })
    },
  }
}

/** Runs the command line in-process to its end. */
export async function runCommand(t: ExecutionContext, args: readonly string[], options: CommandOptions = {}) {
  const command = await startCommand(t, args, options)
  const exitCode = await command.exitCode
  return {
    exitCode,
    cwd: command.cwd,
    stdout: command.stdout(),
    stdoutBytes: command.stdoutBytes(),
    stderr: command.stderr(),
    events: command.events,
  }
}

function keyboard(typed: string): Env['stdin'] {
  const keys = new PassThrough()
  keys.write(typed)
  return Object.assign(keys, { isTTY: true })
}

class Capture extends Writable {
  readonly isTTY: boolean
  readonly columns: number | undefined
  readonly #chunks: Buffer[] = []

  constructor(columns: number | undefined) {
    super()
    this.isTTY = columns !== undefined
    this.columns = columns
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get text(): string {
    return this.bytes.toString()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk)
    done()
  }

  cursorTo(x: number): void {
    cursorTo(this, x)
  }

  moveCursor(dx: number, dy: number): void {
    moveCursor(this, dx, dy)
  }

  clearLine(direction: -1 | 0 | 1): void {
    clearLine(this, direction)
  }
}
