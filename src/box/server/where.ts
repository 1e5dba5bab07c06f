import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isProcessAlive, ownProcessId, writeFileAtomic } from '../../core/index.ts'
import { holdFile } from '../../database/index.ts'

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

/** Whether a box has the home with this folder for state. */
export async function isHomeTaken(stateFolder: string): Promise<boolean> {
  const held = await holdFile(join(stateFolder, 'box.lock'))
  held?.release()
  return held === undefined
}

/**
 * Where the box of a home is; `undefined` where none runs. What is left of one that was killed is not believed: its port may be somebody
 * else's by now, who would be shown the token, and so may be the number of its process.
 */
export async function findBox(path: string): Promise<Whereabouts | undefined> {
  try {
    const { url, pid }: Partial<Whereabouts> = JSON.parse(await readFile(path, 'utf8'))
    const isWhole = typeof url === 'string' && typeof pid === 'number'
    if (isWhole && isProcessAlive(pid) && (await isHomeTaken(dirname(path)))) return { url, pid }
  } catch {
    // None was written, or not whole.
  }
  return undefined
}
