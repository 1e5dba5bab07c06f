import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Env, systemClock } from './env.ts'
import { exitCodes } from './exit-code.ts'
import { main, reportError } from './main.ts'

/** Ctrl-C reaches a program once from the terminal and again from npx: what follows so closely is the same one. */
const sameInterruptMs = 500

/** Runs the command line of this process, then ends it with the exit code. */
export async function start(): Promise<void> {
  const { stdin, stdout, stderr } = process
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  const { signal, interrupt } = interruption()
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

function interruption(): Pick<Env, 'signal' | 'interrupt'> {
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
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt)
  return { signal: controller.signal, interrupt }
}

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', () => resolve())
  })
}
