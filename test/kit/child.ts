import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { findProgram } from './external.ts'
import type { Owner } from './owner.ts'

const outputKept = 16_384
const graceMs = 5000

export interface ChildOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
}

/** A program that runs beside the test and never outlives it. */
export interface Child {
  readonly pid: number
  readonly stdin: Writable
  readonly stdout: Readable
  /** The end of what it wrote to stdout and stderr, for failure messages. */
  output(): string
  /** Resolves to its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** SIGTERM, and SIGKILL where that does not help within 5 s. Idempotent. */
  stop(): Promise<void>
}

/** Starts a program that is ended, by its own pid, when its owner ends. */
export function startChild(owner: Owner, program: string, args: string[], options: ChildOptions = {}): Child {
  const [file, ...argv] = tied([program, ...args])
  const child = spawn(file!, argv, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
  const output = tailOf(child)
  const exited = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1))
  })
  exited.catch(() => {})
  child.stdin.on('error', () => {})

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    child.kill('SIGTERM')
    const killer = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await exited.finally(() => clearTimeout(killer))
    child.stdout.destroy()
    child.stderr.destroy()
  }
  owner.teardown(stop)
  return { pid: child.pid ?? 0, stdin: child.stdin, stdout: child.stdout, output, exited, stop }
}

/** A test runner that is killed runs no teardown: the kernel then ends the child. */
function tied(command: string[]): string[] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : undefined
  return setpriv ? [setpriv, '--pdeathsig', 'KILL', ...command] : command
}

function tailOf(child: ChildProcessByStdio<Writable, Readable, Readable>): () => string {
  let tail = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-outputKept)
    })
  return () => tail
}
