import { isAbsolute } from 'node:path'
import { looksLikeMagnet, looksLikeWebAddress } from '../../../core/index.ts'
import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import { prioritiesAfter, readFileWish } from './file-wish.ts'
import { readLabels } from './labels.ts'
import type { Call } from './message.ts'
import { withLegacyNames } from './names.ts'
import type { Params } from './params.ts'
import { RpcError } from './rpc-error.ts'

export interface TorrentAddInit {
  readonly shelf: Shelf
  readonly onProblem: (what: string, error: unknown) => void
}

const longestLink = 20_000
/** A .torrent of 10 MB in base64, which may come in lines. */
const longestMetainfo = 13_500_000

/** Adds a magnet link, an info-hash, what is at a web address, or a .torrent. */
export async function torrentAdd(
  { shelf, onProblem }: TorrentAddInit,
  { params, isLegacy }: Call,
): Promise<object> {
  const what = readWhat(params)
  const folder = readFolder(params, 'download_dir')
  const labels = readLabels(params)
  const wish = readFileWish(params)
  const isPaused = params.flag('paused') ?? false
  // Held until its files are chosen. Of a magnet link they are not known before it runs.
  const isHeld = wish !== undefined && typeof what !== 'string'
  const put = { origin: 'api', folder, labels, isPaused: isPaused || isHeld }
  const { item, isNew } = await shelf.add(what, put)
  if (isNew && wish) {
    const choose = async () => {
      const metainfo = await item.transfer?.metadata()
      if (metainfo)
        await shelf.change(item, { priorities: prioritiesAfter(wish, metainfo, item.entry.priorities) })
      if (isHeld && !isPaused) await shelf.resume(item)
    }
    if (isHeld) await choose()
    else choose().catch(error => onProblem(`Files of ${item.name} cannot be chosen`, error))
  }
  const added = { [isNew ? 'torrent_added' : 'torrent_duplicate']: shortOf(item) }
  return isLegacy ? (withLegacyNames(added, 'camel') as object) : added
}

function readWhat(params: Params): string | Uint8Array {
  const metainfo = params.text('metainfo', longestMetainfo)
  if (metainfo) {
    const bytes = Buffer.from(metainfo, 'base64')
    if (bytes.length > 0) return bytes
  }
  const name = params.text('filename', longestLink)?.trim()
  if (!name) throw new RpcError('params', 'filename or metainfo has to say what is to be added')
  if (looksLikeMagnet(name) || looksLikeWebAddress(name)) return name
  // Files of this machine are none of a client's business.
  throw new RpcError('params', 'a file of this machine is not read: send the .torrent itself as metainfo')
}

/** @throws {RpcError} where it is no absolute path */
export function readFolder(params: Params, name: string): string | undefined {
  const folder = params.text(name)
  if (folder === undefined || folder === '') return undefined
  if (isAbsolute(folder) && !folder.includes('\0')) return folder
  throw new RpcError('params', `${name} has to be an absolute path`)
}

function shortOf({ id, name, infoHash: hash }: Item): object {
  return { id, name, hash_string: hash }
}
