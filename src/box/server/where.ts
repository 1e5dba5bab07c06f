import { readFile, rm } from 'node:fs/promises'
import { isProcessAlive, ownProcessId, writeFileAtomic } from '../../core/index.ts'

/** A box that runs. */
export interface Whereabouts {
  readonly url: string
  readonly pid: number
}

/** Writes down where the box of this process is, for commands that steer it. */
export async function tellWhereBoxIs(path: string, url: string): Promise<void> {
  const whereabouts: Whereabouts = { url, pid: ownProcessId() }
  await writeFileAtomic(path, `${JSON.stringify(whereabouts)}\n`, 0o600)
}

export async function forgetWhereBoxIs(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {})
}

/** Where the box of a home is; `undefined` where none runs. */
export async function findBox(path: string): Promise<Whereabouts | undefined> {
  try {
    const { url, pid }: Partial<Whereabouts> = JSON.parse(await readFile(path, 'utf8'))
    if (typeof url === 'string' && typeof pid === 'number' && isProcessAlive(pid)) return { url, pid }
  } catch {
    // None was written, or not whole.
  }
  return undefined
}
