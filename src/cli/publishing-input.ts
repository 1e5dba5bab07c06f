import { type Metainfo, P2pShareError, parseMetainfo, readTorrent } from '../core/index.ts'
import type { Env } from './env.ts'
import { isIdentifier, readIdentifier } from './read-input.ts'

/** What `publish` is given. */
export type PublishingInput =
  | { readonly kind: 'files'; readonly paths: readonly string[] }
  | { readonly kind: 'torrent'; readonly metainfo: Metainfo }
  /** A magnet link, an info-hash, or the address of a .torrent. */
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'nothing' }

/**
 * Finds out what is to be published: files and folders, or one torrent by its file or its link.
 *
 * @throws {P2pShareError} `ERR_USAGE`, `ERR_INVALID_TORRENT` and what goes with it
 */
export async function readPublishingInput(words: readonly string[], env: Env): Promise<PublishingInput> {
  const [first] = words
  if (first === undefined) return { kind: 'nothing' }
  const isTorrent = (word: string) =>
    word === '-' || isIdentifier(word) || word.toLowerCase().endsWith('.torrent')
  if (!words.some(isTorrent)) return { kind: 'files', paths: words }
  if (words.length > 1)
    throw new P2pShareError('ERR_USAGE', 'A listing is of one torrent: publish several one by one')
  const read = await readIdentifier(first, env)
  if (typeof read !== 'string') return { kind: 'torrent', metainfo: parseMetainfo(read) }
  if (isIdentifier(read)) return { kind: 'link', link: read }
  return { kind: 'torrent', metainfo: await readTorrent(read, { signal: env.signal }) }
}
