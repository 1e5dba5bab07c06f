import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import { findProgram, requireThat } from './external.ts'

const run = promisify(execFile)

/** The command that runs another as a user who is not root. Numbers do: nobody has to be listed with them. */
export function asUser(user: number): string[] {
  return [findProgram('setpriv')!, `--reuid=${user}`, `--regid=${user}`, '--clear-groups']
}

/** Whether this machine lets a test act as several users. */
export function requireUsers(t: ExecutionContext): boolean {
  const canBe = process.platform === 'linux' && process.getuid?.() === 0
  return requireThat(
    t,
    canBe && findProgram('setpriv') !== undefined,
    'being another user takes root and setpriv',
  )
}

/** Gives a folder to a user. */
export const giveTo = (user: number, folder: string): Promise<void> => chown(folder, user, user)

/** Runs a module's text as a user, and answers what it printed as JSON. */
export async function evaluateAs<T>(user: number, script: string, ...args: string[]): Promise<T> {
  const [program, ...rest] = [
    ...asUser(user),
    process.execPath,
    '--input-type=module',
    '--eval',
    script,
    ...args,
  ]
  const { stdout } = await run(program!, rest, { cwd: '/', env: { PATH: process.env.PATH } })
  return JSON.parse(stdout)
}
