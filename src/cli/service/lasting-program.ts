import { realpath } from 'node:fs/promises'
import type { Env } from '../env.ts'

/** What starts p2pshare later too. */
export interface LastingProgram {
  readonly program: Env['program']
  /** Whether a word of it lies where npx throws things away all the same. */
  readonly isFleeting: boolean
}

/**
 * Names what npx has linked into its cache by its own place, a checkout for one: the cache goes now and then. Other links stay as they
 * are, for an upgrade leads them to what is new.
 */
export async function lastingProgram([file, ...script]: Env['program']): Promise<LastingProgram> {
  const words = await Promise.all(
    script.map(async word => (isOfNpx(word) ? await realpath(word).catch(() => word) : word)),
  )
  return { program: [file, ...words], isFleeting: words.some(isOfNpx) }
}

function isOfNpx(word: string): boolean {
  return /[/\\]_npx[/\\]/.test(word)
}
