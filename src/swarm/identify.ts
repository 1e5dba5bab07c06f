import { resolve } from 'node:path'
import {
  type AbortOptions,
  type Hex,
  isPublicAddress,
  looksLikeMagnet,
  looksLikeWebAddress,
  type Magnet,
  type Metainfo,
  P2pShareError,
  parseMetainfo,
  readMagnet,
  readTorrent,
} from '../core/index.ts'
import { fetchTorrent } from './fetch-torrent.ts'

/** What an identifier leads to: the torrent itself, or a magnet link to fetch it by. */
export interface Identified {
  readonly infoHash: Hex
  readonly metainfo: Metainfo | undefined
  readonly magnet: Magnet | undefined
  /**
   * Whether what it names may be contacted at private addresses too: a torrent that is here already, or was fetched from
   * such an address, was chosen by somebody who can; a magnet link or a torrent from elsewhere was not.
   */
  readonly isAskedFor: boolean
}

/**
 * Finds out what is meant by a magnet link, an info-hash, the path or http(s) URL of a .torrent, its bytes, or a metainfo.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTIFIER`, `ERR_INVALID_MAGNET`, `ERR_INVALID_TORRENT` and what goes with it, `ERR_PATH_NOT_FOUND`,
 *   `ERR_FETCH_FAILED`, `ERR_UNSUPPORTED_TORRENT` for a torrent that has no v1 part
 */
export async function identify(
  id: string | Uint8Array | Metainfo,
  options: AbortOptions = {},
): Promise<Identified> {
  if (typeof id === 'string' && id.trim() === '') {
    throw new P2pShareError(
      'ERR_INVALID_IDENTIFIER',
      'There is no magnet link, info-hash or torrent in an empty text',
    )
  }
  if (typeof id === 'string' && looksLikeMagnet(id)) {
    const magnet = readMagnet(id)
    return {
      infoHash: v1Hash(magnet.infoHash, magnet.name ?? id),
      metainfo: undefined,
      magnet,
      isAskedFor: false,
    }
  }
  const metainfo = await toMetainfo(id, options)
  return {
    infoHash: v1Hash(metainfo.infoHash, metainfo.name),
    metainfo,
    magnet: undefined,
    isAskedFor: isNear(id),
  }
}

async function toMetainfo(id: string | Uint8Array | Metainfo, options: AbortOptions): Promise<Metainfo> {
  if (typeof id === 'string') {
    if (!looksLikeWebAddress(id)) return readTorrent(resolve(id), options)
    return parseMetainfo(await fetchTorrent(id, { ...options, trust: 'host' }))
  }
  return ArrayBuffer.isView(id) ? parseMetainfo(id) : id
}

function isNear(id: string | Uint8Array | Metainfo): boolean {
  return typeof id !== 'string' || !looksLikeWebAddress(id) || !isPublicAddress(new URL(id).hostname)
}

function v1Hash(infoHash: Hex | undefined, name: string): Hex {
  if (infoHash) return infoHash
  const message = `${name} is a v2-only torrent, which cannot be shared yet: ask for a hybrid or v1 one`
  throw new P2pShareError('ERR_UNSUPPORTED_TORRENT', message)
}
