import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Env } from '../env.ts'

const run = promisify(execFile)
const timeoutMs = 10_000

/**
 * Tells systemd, where that has started us, that we are up: only then does it hand on a reload, which would end a program that has not
 * come to listen for it. Its own program does it, for Node has no datagrams between processes.
 */
export async function tellReady({ variables }: Env): Promise<void> {
  if (!variables.NOTIFY_SOCKET) return
  await run('systemd-notify', ['--ready'], { env: { ...variables }, timeout: timeoutMs }).catch(() => {
    // systemd says itself what it waited for in vain.
  })
}
