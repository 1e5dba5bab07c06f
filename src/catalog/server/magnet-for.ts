import {
  type Bencodable,
  BencodeDict,
  BencodeList,
  decodeBencodePrefix,
  encodeBencode,
  readMagnet,
} from '../../core/index.ts'
import type { Listing } from '../listing/record.ts'
import type { Site } from './site.ts'

/** What of a site decides on the links and torrents that it hands out. */
export type HandingOut = { readonly settings: Pick<Site['settings'], 'trackerUrls'> }

/** A listing's magnet link with the site's trackers added. */
export function magnetFor({ settings }: HandingOut, listing: Pick<Listing, 'magnet'>): string {
  if (settings.trackerUrls.length === 0) return listing.magnet
  const known = new Set(readMagnet(listing.magnet).trackers)
  return settings.trackerUrls
    .filter(url => !known.has(url))
    .reduce((link, url) => `${link}&tr=${encodeURIComponent(url)}`, listing.magnet)
}

/** A listing's .torrent file with the site's trackers added; `undefined` where it is not known here. */
export async function torrentFor(
  site: HandingOut & Pick<Site, 'store'>,
  { infoHash, infoHashV2 }: Pick<Listing, 'infoHash' | 'infoHashV2'>,
): Promise<Uint8Array | undefined> {
  const bytes = await site.store.torrent(infoHash ?? infoHashV2!)
  return bytes && withTrackers(bytes, site.settings.trackerUrls)
}

/**
 * A .torrent file with trackers put before its own (BEP 12). Only the outer dictionary is written anew: its info goes in
 * byte for byte, so that the info-hash stays. A private torrent (BEP 27) stays as it is.
 *
 * @throws {P2pShareError} `ERR_INVALID_BENCODE`
 */
export function withTrackers(torrent: Uint8Array, trackers: readonly string[]): Uint8Array {
  const { value: root } = decodeBencodePrefix(torrent)
  if (!(root instanceof BencodeDict) || trackers.length === 0) return torrent
  const info = root.get('info')
  if (info instanceof BencodeDict && info.get('private') === 1) return torrent
  const announce = root.get('announce')
  const list = root.get('announce-list')
  const tiers: Bencodable[] = list instanceof BencodeList ? [...list] : []
  if (tiers.length === 0 && announce instanceof Uint8Array) tiers.push([announce])
  const others = [...root.entries()].filter(
    ([key]) => !/^announce(-list)?$/.test(Buffer.from(key).toString('latin1')),
  )
  return encodeBencode(
    new Map<string | Uint8Array, Bencodable>([
      ...others,
      ['announce', announce ?? trackers[0]!],
      ['announce-list', [trackers, ...tiers]],
    ]),
  )
}
