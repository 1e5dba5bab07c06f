import { resolve } from 'node:path'
import {
  type AbortOptions,
  type Hex,
  type InfoHashes,
  isPublicAddress,
  looksLikeMagnet,
  looksLikeWebAddress,
  type Magnet,
  type Metainfo,
  mainInfoHash,
  P2pShareError,
  parseMetainfo,
  readMagnet,
  readTorrent,
} from '../core/index.ts'
import { fetchTorrent } from './fetch-torrent.ts'

/** What an identifier leads to: the torrent itself, or a magnet link to fetch it by. */
export interface Identified {
  /** The v1 info-hash, 40 digits, or where none is known that of v2, 64 digits. */
  readonly infoHash: Hex
  /** The v2 info-hash beside a v1 one. */
  readonly infoHashV2: Hex | undefined
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
 *   `ERR_FETCH_FAILED`
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
    return { ...named(magnet), metainfo: undefined, magnet, isAskedFor: false }
  }
  const metainfo = await toMetainfo(id, options)
  return { ...named(metainfo), metainfo, magnet: undefined, isAskedFor: isNear(id) }
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

function named(hashes: InfoHashes): Pick<Identified, 'infoHash' | 'infoHashV2'> {
  return { infoHash: mainInfoHash(hashes), infoHashV2: hashes.infoHash ? hashes.infoHashV2 : undefined }
}
