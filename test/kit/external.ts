import { execFileSync } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { ExecutionContext } from 'ava'

/** The system's own Python: the one that Debian's python3-libtorrent installs into. */
export const systemPython = '/usr/bin/python3'

const found = new Map<string, string | undefined>()

/** Absolute path of an external program, looked up in PATH once; `python3-libtorrent` answers the system's Python. */
export function findProgram(name: string): string | undefined {
  if (!found.has(name)) found.set(name, name === 'python3-libtorrent' ? findLibtorrent() : lookUp(name))
  return found.get(name)
}

/**
 * Whether a program that a test needs is there. Where it is not, the test says by name what it skips and passes;
 * under `CI=true` it fails, because there everything is to be installed.
 *
 * @example
 * if (!requireProgram(t, 'mktorrent')) return
 */
export function requireProgram(t: ExecutionContext, name: string): boolean {
  return requireThat(t, findProgram(name) !== undefined, `${name} is not installed`)
}

/** The same as {@link requireProgram} for anything else that a machine may lack, named by `missing`. */
export function requireThat(t: ExecutionContext, present: boolean, missing: string): boolean {
  if (present) return true
  if (process.env.CI === 'true') t.fail(`${missing}, and under CI nothing may be skipped`)
  else {
    t.log(`Skipped: ${missing}`)
    t.pass()
  }
  return false
}

function lookUp(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map(folder => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function findLibtorrent(): string | undefined {
  try {
    execFileSync(systemPython, ['-c', 'import libtorrent'], { stdio: 'ignore' })
    return systemPython
  } catch {
    return undefined
  }
}
