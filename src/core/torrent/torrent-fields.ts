import { type Bencodable, encodeBencode } from '../bencode/encode.ts'
import { P2pShareError } from '../errors.ts'
import { packageVersion } from '../package-version.ts'
import { maxCommentLength, maxTrackers, maxWebSeeds } from './limits.ts'
import { trackerProtocols, usableUrl, webProtocols } from './web-address.ts'

/** What a torrent file says beside its `info` dictionary. None of it changes the info-hash. */
export interface TorrentFields {
  /** Trackers: a tier each, or tiers of several (BEP 12). @default none */
  announce?: readonly string[] | readonly (readonly string[])[] | undefined
  /** HTTP servers that have the same files (BEP 19). @default none */
  webSeeds?: readonly string[] | undefined
  comment?: string | undefined
  /** Creation time, or `false` to leave it out. @default now */
  createdAt?: Date | false | undefined
}

/**
 * Puts a torrent file together around an `info` dictionary. Only trackers that were named are in it.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for what a reader would pass over or cut short
 */
export function encodeTorrent(info: Bencodable, fields: TorrentFields, pieceLayers?: Bencodable): Uint8Array {
  const { tiers, webSeeds, comment, createdAt } = checkFields(fields)
  return encodeBencode({
    announce: tiers[0]?.[0],
    'announce-list': tiers.flat().length > 1 ? tiers : undefined,
    comment: comment || undefined,
    'created by': `p2pshare/${packageVersion()}`,
    'creation date': createdAt ? Math.floor(createdAt.getTime() / 1000) : undefined,
    info,
    'piece layers': pieceLayers,
    'url-list': webSeeds.length > 0 ? webSeeds : undefined,
  })
}

/** Refuses what {@link encodeTorrent} would refuse, before anything has been hashed. */
export function checkFields({
  announce = [],
  webSeeds = [],
  comment,
  createdAt = new Date(),
}: TorrentFields) {
  const tiers = announce.map(tier => checkedUrls([tier].flat(), trackerProtocols, 'tracker'))
  if (tiers.flat().length > maxTrackers) throw invalid(`A torrent names at most ${maxTrackers} trackers`)
  if (webSeeds.length > maxWebSeeds) throw invalid(`A torrent names at most ${maxWebSeeds} web seeds`)
  if (comment !== undefined && comment.length > maxCommentLength)
    throw invalid(`The comment is longer than ${maxCommentLength} characters`)
  if (createdAt && !(createdAt.getTime() >= 0)) throw invalid('The creation time is not a date after 1970')
  return {
    tiers: tiers.filter(tier => tier.length > 0),
    webSeeds: checkedUrls(webSeeds, webProtocols, 'web seed'),
    comment,
    createdAt,
  }
}

function checkedUrls(urls: readonly string[], protocols: ReadonlySet<string>, what: string): string[] {
  return urls.map(text => {
    const url = usableUrl(text, protocols)
    if (url !== undefined) return url
    const schemes = [...protocols].map(protocol => `${protocol}//`).join(', ')
    throw invalid(`"${text.slice(0, 100)}" is not the URL of a ${what}: it begins with one of ${schemes}`)
  })
}

function invalid(message: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_ARGUMENT', message)
}
