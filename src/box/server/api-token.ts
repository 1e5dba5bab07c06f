import { readFile, rm } from 'node:fs/promises'
import { fileSystemError, isThere, writeFileAtomic } from '../../core/index.ts'
import { newToken } from '../../http/index.ts'
import { takeFromOthers } from '../private-home.ts'

/** What whoever steers the box shows. */
export interface ApiToken {
  readonly value: string
  readonly path: string
  /** Whether somebody has seen it: until then it is printed where a person sits. */
  readonly isShown: boolean
  /** Remembers that somebody has seen it: `isShown` from the next start on. */
  tellShown(): Promise<void>
  /** What its owner has to know of it. */
  readonly warning?: string | undefined
}

const form = /^[\w-]{20,200}$/

/**
 * Reads the token from its file, for its owner's eyes only; where there is none one is made. A file that others may use is closed to them.
 *
 * @param shownPath a file that is there once the token was shown
 * @throws {P2pShareError} `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`
 */
export async function loadApiToken(path: string, shownPath: string): Promise<ApiToken> {
  const tellShown = () => leaveMark(shownPath)
  try {
    const value = (await readFile(path, 'utf8')).trim()
    if (form.test(value))
      return { value, path, tellShown, isShown: await isThere(shownPath), warning: await closeToOthers(path) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileSystemError(error, path, 'read')
  }
  const value = newToken()
  await rm(shownPath, { force: true }).catch(error => {
    throw fileSystemError(error, shownPath, 'write')
  })
  await writeFileAtomic(path, `${value}\n`, 0o600)
  return { value, path, tellShown, isShown: false }
}

async function leaveMark(path: string): Promise<void> {
  await writeFileAtomic(path, '', 0o600).catch(() => {
    // It is shown once more at the next start, and that is all.
  })
}

/** Answers what to say, where others could use a file until now. */
async function closeToOthers(path: string): Promise<string | undefined> {
  const { had, isTaken } = await takeFromOthers(path)
  if (had === 0) return undefined
  return isTaken
    ? `Others could read the token in ${path}, and no longer can: to have a new one, delete that file and start the box anew`
    : `Others can read the token in ${path}: close the file to them, delete it and start the box anew, to have a new one`
}
