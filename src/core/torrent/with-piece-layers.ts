import { decodeBencodePrefix } from '../bencode/decode.ts'
import { type Bencodable, encodeBencode } from '../bencode/encode.ts'
import type { BencodeDict } from '../bencode/value.ts'
import { P2pShareError } from '../errors.ts'
import type { Hex } from './info-hash.ts'
import { maxTorrentBytes } from './limits.ts'
import type { Metainfo } from './metainfo.ts'

/**
 * A torrent with piece layers (BEP 52) that it lacked, as after a magnet link; all else of the torrent file stays as it is.
 *
 * @param layers by pieces root, each already checked against it
 * @throws {P2pShareError} `ERR_TORRENT_TOO_LARGE` where the file would be larger than 10 MB
 */
export function withPieceLayers(metainfo: Metainfo, layers: ReadonlyMap<Hex, Uint8Array>): Metainfo {
  const pieceLayers = new Map([...metainfo.pieceLayers, ...layers])
  const torrent = decodeBencodePrefix(metainfo.bytes).value as BencodeDict
  const fields = new Map<string | Uint8Array, Bencodable>()
  for (const [key, value] of torrent.entries())
    if (Buffer.from(key).toString('latin1') !== 'piece layers') fields.set(key, value)
  fields.set(
    'piece layers',
    new Map([...pieceLayers].map(([root, layer]) => [Buffer.from(root, 'hex'), layer])),
  )
  const bytes = encodeBencode(fields)
  if (bytes.length > maxTorrentBytes)
    throw new P2pShareError(
      'ERR_TORRENT_TOO_LARGE',
      `With its piece layers the torrent has ${bytes.length} bytes, more than 10 MB`,
    )
  return Object.freeze({ ...metainfo, bytes, pieceLayers })
}
