import { readFile } from 'node:fs/promises'
import { fileSystemError, writeFileAtomic } from '../../core/index.ts'
import { newToken } from '../../http/index.ts'

/** What whoever steers the box shows. */
export interface ApiToken {
  readonly value: string
  readonly path: string
  /** Whether it was only made now: it is printed this once. */
  readonly isNew: boolean
}

const form = /^[\w-]{20,200}$/

/**
 * Reads the token from its file, for its owner's eyes only; where there is none one is made.
 *
 * @throws {P2pShareError} `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`
 */
export async function loadApiToken(path: string): Promise<ApiToken> {
  try {
    const value = (await readFile(path, 'utf8')).trim()
    if (form.test(value)) return { value, path, isNew: false }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw fileSystemError(error, path, 'read')
  }
  const value = newToken()
  await writeFileAtomic(path, `${value}\n`, 0o600)
  return { value, path, isNew: true }
}
