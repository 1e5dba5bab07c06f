import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileSystemError, type Hex, isProcessAlive, ownProcessId } from '../../core/index.ts'

/** Held while one process writes to a path. */
export interface PathLock {
  release(): Promise<void>
}

/** Who holds a lock: a live process, and the torrent it writes. */
export interface LockHolder {
  readonly pid: number
  readonly infoHash: Hex
}

/** Locks of this process, which its own process id would not tell apart. */
const ours = new Set<string>()

/**
 * Takes the lock of a path for this process, or tells who holds it. A lock left behind by a process that is gone is taken
 * over.
 *
 * @param folder where lock files are kept; every process that may write to `path` must use the same one
 */
export async function lockPath(folder: string, path: string, infoHash: Hex): Promise<PathLock | LockHolder> {
  const file = join(folder, `${createHash('sha256').update(path).digest('hex').slice(0, 32)}.lock`)
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw fileSystemError(error, folder, 'write')
  })
  for (;;) {
    if (await take(file, infoHash)) {
      ours.add(file)
      return {
        release: async () => {
          ours.delete(file)
          await rm(file, { force: true })
        },
      }
    }
    const holder = await readHolder(file)
    if (holder && isAlive(holder.pid, file)) return holder
    await rm(file, { force: true })
  }
}

/** Makes the lock file with its content in one step, so that nobody finds it empty; `false` where there is one. */
async function take(file: string, infoHash: Hex): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(draft, JSON.stringify({ pid: ownProcessId(), infoHash } satisfies LockHolder), {
      flag: 'wx',
    })
    await link(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileSystemError(error, file, 'write')
  } finally {
    await rm(draft, { force: true })
  }
}

async function readHolder(file: string): Promise<LockHolder | undefined> {
  try {
    const holder: LockHolder = JSON.parse(await readFile(file, 'utf8'))
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 ? holder : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number, file: string): boolean {
  return pid === ownProcessId() ? ours.has(file) : isProcessAlive(pid)
}
