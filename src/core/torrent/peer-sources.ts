import { type BencodeDict, BencodeList, type BencodeValue } from '../bencode/value.ts'
import { maxTrackers, maxWebSeeds } from './limits.ts'
import { rawName } from './raw-file.ts'
import { trackerProtocols, usableUrl, webProtocols } from './web-address.ts'

/**
 * Tiers of trackers (BEP 12): those of `announce-list`, or `announce` where it has none. What is no URL of a tracker is
 * passed over, and so is what comes twice or after the first 100.
 */
export function readTrackers(torrent: BencodeDict): readonly (readonly string[])[] {
  const seen = new Set<string>()
  const tiers: string[][] = []
  for (const tier of itemsOf(torrent.get('announce-list'))) {
    const urls = takeUrls(itemsOf(tier), trackerProtocols, maxTrackers, seen)
    if (urls.length > 0) tiers.push(urls)
    if (seen.size === maxTrackers) break
  }
  if (tiers.length > 0) return tiers
  const announce = takeUrls([torrent.get('announce')], trackerProtocols, maxTrackers, seen)
  return announce.length > 0 ? [announce] : []
}

/** Web seeds (BEP 19): one, or a list of which the first 100 are taken, what is no URL passed over. */
export function readWebSeeds(torrent: BencodeDict): readonly string[] {
  const list = torrent.get('url-list')
  return takeUrls(list instanceof BencodeList ? list : [list], webProtocols, maxWebSeeds, new Set())
}

function itemsOf(value: BencodeValue | undefined): Iterable<BencodeValue> {
  return value instanceof BencodeList ? value : []
}

function takeUrls(
  values: Iterable<BencodeValue | undefined>,
  protocols: ReadonlySet<string>,
  most: number,
  seen: Set<string>,
): string[] {
  const urls: string[] = []
  for (const value of values) {
    if (seen.size === most) break
    const url = value instanceof Uint8Array ? usableUrl(rawName(value), protocols) : undefined
    if (url === undefined || seen.has(url)) continue
    seen.add(url)
    urls.push(url)
  }
  return urls
}
