import { readFile } from 'node:fs/promises'
import { fileSystemError, writeFileAtomic } from '../../core/index.ts'
import { newToken } from '../../http/index.ts'
import { takeFromOthers } from '../private-home.ts'

/** What whoever steers the box shows. */
export interface ApiToken {
  readonly value: string
  readonly path: string
  /** Whether it was only made now: it is printed this once. */
  readonly isNew: boolean
  /** What its owner has to know of it. */
  readonly warning?: string | undefined
}

const form = /^[\w-]{20,200}$/

/**
 * Reads the token from its file, for its owner's eyes only; where there is none one is made. A file that others may use is closed to them.
 *
 * @throws {P2pShareError} `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`
 */
export async function loadApiToken(path: string): Promise<ApiToken> {
  try {
    const value = (await readFile(path, 'utf8')).trim()
    if (form.test(value)) return { value, path, isNew: false, warning: await closeToOthers(path) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileSystemError(error, path, 'read')
  }
  const value = newToken()
  await writeFileAtomic(path, `${value}\n`, 0o600)
  return { value, path, isNew: true }
}

/** Answers what to say, where others could use a file until now. */
async function closeToOthers(path: string): Promise<string | undefined> {
  const { had, isTaken } = await takeFromOthers(path)
  if (had === 0) return undefined
  return isTaken
    ? `Others could read the token in ${path}, and no longer can: to have a new one, delete that file and start the box anew`
    : `Others can read the token in ${path}: close the file to them, delete it and start the box anew, to have a new one`
}
