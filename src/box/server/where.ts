import { readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isProcessAlive, ownProcessId, P2pShareError, writeFileAtomic } from '../../core/index.ts'
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
 *
 * @throws {P2pShareError} `ERR_UNREADABLE_FILE` where that cannot be told, as of another user's home
 */
export async function findBox(path: string): Promise<Whereabouts | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') return ''
    throw new P2pShareError(
      'ERR_UNREADABLE_FILE',
      `Whether a box runs is for its user alone to see: ${path} cannot be read (${error.code})`,
      { cause: error },
    )
  })
  try {
    const { url, pid }: Partial<Whereabouts> = JSON.parse(text)
    const isWhole = typeof url === 'string' && typeof pid === 'number'
    if (isWhole && isProcessAlive(pid) && (await isHomeTaken(dirname(path)))) return { url, pid }
  } catch {
    // None was written, or not whole.
  }
  return undefined
}
