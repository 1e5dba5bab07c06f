import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { isatty } from 'node:tty'
import { type Env, systemClock } from './env.ts'
import { exitCodes } from './exit-code.ts'
import { main, reportError } from './main.ts'

/** Ctrl-C reaches a program once from the terminal and again from npx: what follows so closely is the same one. */
const sameInterruptMs = 500

/** Runs the command line of this process, then ends it with the exit code. */
export async function start(): Promise<void> {
  const { stdin, stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  const { signal, interrupt, onHangUp } = interruption(stdin.isTTY)
  const env: Env = {
    args: process.argv.slice(2),
    cwd: process.cwd(),
    stdin,
    stdout,
    stderr,
    variables: process.env,
    clock: systemClock,
    signal,
    interrupt,
    onHangUp,
    program: [process.execPath, ...process.argv.slice(1, 2)],
  }
  process.on('uncaughtException', error => void exit(reportError(error, env)))
  await exit(await main(env))
}

/** Ends the process whatever is still open, once everything is written. */
async function exit(exitCode: number): Promise<never> {
  const { stdout, stderr } = process
  await Promise.race([Promise.all([flushed(stdout), flushed(stderr)]), sleep(1000)])
  process.exit(exitCode)
}

function interruption(hasTerminal: boolean): Pick<Env, 'signal' | 'interrupt' | 'onHangUp'> {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  let interruptedMs: number | undefined
  const interrupt = () => {
    const nowMs = systemClock.monotonicMs()
    if (interruptedMs === undefined) {
      interruptedMs = nowMs
      controller.abort(new DOMException('Interrupted', 'AbortError'))
    } else if (nowMs - interruptedMs > sameInterruptMs) {
      process.exit(exitCodes.interrupted)
    }
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt)
  const listeners = new Set<() => void>()
  process.on('SIGHUP', () => {
    const hasLostTerminal = hasTerminal && !isatty(0)
    if (listeners.size === 0 || hasLostTerminal) interrupt()
    else for (const listener of listeners) listener()
  })
  const onHangUp = (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }
  return { signal: controller.signal, interrupt, onHangUp }
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', () => resolve())
  })
}
