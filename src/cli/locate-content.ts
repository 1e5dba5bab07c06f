import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { joinInside, type Metainfo, P2pShareError, type TorrentFile } from '../core/index.ts'

/** Where a file of a torrent would be on this machine. */
export type ResolveFile = (file: TorrentFile) => string | undefined

/**
 * Finds out what a person means by the place of a torrent's content: the folder it was fetched into, the album's own
 * folder whatever it is called, or the one file.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND` where nothing is there
 */
export async function locateContent(metainfo: Metainfo, place: string, cwd: string): Promise<ResolveFile> {
  const root = resolve(cwd, place)
  const found = await stat(root).catch(() => undefined)
  if (!found) throw new P2pShareError('ERR_PATH_NOT_FOUND', `There is nothing at ${root}`)
  if (!found.isDirectory()) return () => (metainfo.isAlbum ? undefined : root)
  const inner = metainfo.isAlbum
    ? await stat(joinInside(root, metainfo.name)).catch(() => undefined)
    : undefined
  if (!metainfo.isAlbum || inner?.isDirectory()) return ({ path }) => joinInside(root, path)
  return ({ path }) => joinInside(root, path.slice(path.indexOf('/') + 1))
}
