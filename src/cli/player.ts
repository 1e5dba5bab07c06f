import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { platform } from 'node:os'
import { resolve } from 'node:path'
import { P2pShareError } from '../core/index.ts'
import type { Env } from './env.ts'

/** A player that shows something. */
export interface Player {
  /** Whether it has been closed. What the system opens by itself is not followed. */
  readonly hasEnded: boolean
}

/**
 * Opens an address with a program, or with what the system has for it. No shell is between.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND` where there is no such program
 */
export async function startPlayer(url: string, program: string | undefined, env: Env): Promise<Player> {
  const [file, ...args] = program === undefined ? systemOpener() : [locate(program, env)]
  const child = spawn(file, [...args, url], { stdio: 'ignore', env: env.variables, cwd: env.cwd })
  child.unref()
  try {
    await once(child, 'spawn')
  } catch (error) {
    throw new P2pShareError('ERR_PATH_NOT_FOUND', `${file} cannot be started: open ${url} yourself`, {
      cause: error,
    })
  }
  return program === undefined ? { hasEnded: false } : followed(child)
}

function followed(child: ChildProcess): Player {
  return {
    get hasEnded() {
      return child.exitCode !== null || child.signalCode !== null
    },
  }
}

function systemOpener(): [file: string, ...args: string[]] {
  if (platform() === 'darwin') return ['open']
  if (platform() === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}

function locate(program: string, { cwd }: Env): string {
  return /[/\\]/.test(program) ? resolve(cwd, program) : program
}
