import { execFile } from 'node:child_process'
import { findProgram } from './external.ts'

/** Steers a box with Debian's transmission-remote, which has to be there; answers all that it says, whether it succeeds or not. */
export type Remote = (...args: readonly string[]) => Promise<string>

/** @param url where the box is */
export function remoteOf(url: string, token: string): Remote {
  const program = findProgram('transmission-remote')!
  const { host } = new URL(url)
  return (...args) =>
    new Promise(resolve => {
      execFile(program, [host, '-n', `p2pshare:${token}`, ...args], (_, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
}
