import {
  type Hex,
  type Magnet,
  type Metainfo,
  magnetLink,
  P2pShareError,
  parseMetainfo,
  readMagnet,
} from '../../core/index.ts'
import { listingSchema } from '../listing/fields.ts'
import { isListing, type Listing, readRecord } from '../listing/record.ts'
import type { SubmissionInput } from './submission-input.ts'
import type { SubmissionField, SubmissionProblem } from './submission-problem.ts'

/** What is to be listed, read and checked. */
export interface SubmittedWork {
  /** As a listing may hold it. */
  readonly magnet: string
  readonly infoHash: Hex | undefined
  readonly infoHashV2: Hex | undefined
  /** Where a .torrent was given. */
  readonly metainfo: Metainfo | undefined
  /** Where its publisher signed it. */
  readonly listing: Listing | undefined
}

/** Reads the .torrent, the magnet link or the signed listing, of which exactly one has to be there. */
export function readWork({
  torrent,
  magnet,
  listing,
}: SubmissionInput):
  | { work: SubmittedWork; problem?: undefined }
  | { work?: undefined; problem: SubmissionProblem } {
  const hasTorrent = torrent !== undefined && torrent.length > 0
  const hasMagnet = magnet !== undefined && magnet.trim() !== ''
  const hasListing = listing !== undefined && listing !== ''
  const field: SubmissionField = hasListing ? 'listing' : hasTorrent ? 'torrent' : 'magnet'
  const given = [hasTorrent, hasMagnet, hasListing].filter(Boolean).length
  if (given !== 1) {
    const message =
      given === 0 ? 'is missing: paste one, or choose a .torrent file' : 'is one too many: give only one'
    return { problem: { field, message } }
  }
  try {
    if (hasListing) return { work: workOfListing(listing) }
    return { work: hasTorrent ? workOfTorrent(torrent) : workOfMagnet(magnet!) }
  } catch (error) {
    if (error instanceof P2pShareError)
      return { problem: { field, message: `cannot be used: ${error.message}` } }
    throw error
  }
}

/**
 * The magnet link that a listing holds: with what is known of the torrent and as many trackers as find room, but without
 * addresses of peers, which are somebody's own and soon wrong.
 *
 * @throws {P2pShareError} `ERR_INVALID_MAGNET`
 */
export function publicMagnet(source: Magnet | Metainfo): string {
  const { infoHash, infoHashV2, name } = source
  const hashes = { ...(infoHash ? { infoHash } : {}), ...(infoHashV2 ? { infoHashV2 } : {}) }
  const named = {
    ...hashes,
    ...(name ? { name } : {}),
    ...('sizeBytes' in source ? { sizeBytes: source.sizeBytes } : {}),
  }
  let trackers = source.trackers.flat()
  let webSeeds = source.webSeeds
  for (;;) {
    const link = magnetLink({ ...named, trackers, webSeeds })
    if (listingSchema.shape.magnet.safeParse(link).success) return link
    if (trackers.length === 0 && webSeeds.length === 0)
      throw new P2pShareError('ERR_INVALID_MAGNET', 'The magnet link is too long for a listing')
    trackers = trackers.slice(0, Math.floor(trackers.length / 2))
    webSeeds = webSeeds.slice(0, Math.floor(webSeeds.length / 2))
  }
}

function workOfTorrent(bytes: Uint8Array): SubmittedWork {
  const metainfo = parseMetainfo(bytes)
  if (metainfo.isPrivate)
    throw new P2pShareError(
      'ERR_UNSUPPORTED_TORRENT',
      'The torrent is private: only its own tracker may tell of it',
    )
  const { infoHash, infoHashV2 } = metainfo
  return { magnet: publicMagnet(metainfo), infoHash, infoHashV2, metainfo, listing: undefined }
}

function workOfMagnet(text: string): SubmittedWork {
  const magnet = readMagnet(text)
  const { infoHash, infoHashV2 } = magnet
  return { magnet: publicMagnet(magnet), infoHash, infoHashV2, metainfo: undefined, listing: undefined }
}

function workOfListing(json: string): SubmittedWork {
  const record = readRecord(json)
  if (!isListing(record)) throw new P2pShareError('ERR_INVALID_LISTING', 'It is a withdrawal, not a listing')
  const { magnet, infoHash, infoHashV2 } = record
  return { magnet, infoHash, infoHashV2, metainfo: undefined, listing: record }
}
