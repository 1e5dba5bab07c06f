import { decodeBencode, decodeBencodePrefix } from '../bencode/decode.ts'
import { encodeBencode } from '../bencode/encode.ts'
import { BencodeDict, type BencodeValue } from '../bencode/value.ts'
import { P2pShareError } from '../errors.ts'
import { cleanName, cleanPath } from '../safe-path.ts'
import { uniquePaths } from '../unique-paths.ts'
import { infoHashesOf } from './info-hash.ts'
import { invalidTorrent } from './invalid-torrent.ts'
import { maxCommentLength, maxCreatedByLength, maxTorrentBytes } from './limits.ts'
import type { Metainfo, TorrentFile } from './metainfo.ts'
import { readTrackers, readWebSeeds } from './peer-sources.ts'
import { readPieceLayers } from './piece-layers.ts'
import { type RawFile, rawName } from './raw-file.ts'
import { type Info, readInfo } from './read-info.ts'

const latestSecond = 8_640_000_000_000

/**
 * Reads a torrent file that somebody else made. What comes back is bounded, safe to make paths of, and keeps the bytes
 * that the info-hashes were taken over; the input is copied. A v2-only torrent is read too.
 *
 * @throws {P2pShareError} `ERR_INVALID_BENCODE`, `ERR_INVALID_TORRENT`, `ERR_TORRENT_TOO_LARGE` above 10 MB,
 *   `ERR_UNSUPPORTED_TORRENT`
 * @example
 * const { name, sizeBytes, infoHash } = parseMetainfo(await readFile('zoo.torrent'))
 */
export function parseMetainfo(input: Uint8Array): Metainfo {
  if (input.length > maxTorrentBytes)
    throw new P2pShareError('ERR_TORRENT_TOO_LARGE', `The torrent has ${input.length} bytes, more than 10 MB`)
  const bytes = new Uint8Array(input)
  const torrent = decodeTorrent(bytes)
  const info = torrent.get('info')
  if (!(info instanceof BencodeDict)) throw invalidTorrent('it has no "info" dictionary')
  const read = readInfo(info)
  const { format, pieceLength, pieceCount, contentLength, pieces, isAlbum, isPrivate } = read
  const layers = format === 'v1' ? undefined : torrent.get('piece layers')
  const pieceLayers = readPieceLayers(layers, read.files, pieceLength)
  const hashes = infoHashesOf(info.raw, format)
  const name = nameOf(read, hashes.infoHash ?? hashes.infoHashV2!)
  const files = nameFiles(read, name)
  return Object.freeze({
    bytes,
    infoBytes: info.raw,
    format,
    ...hashes,
    name,
    pieceLength,
    pieceCount,
    pieces,
    pieceLayers,
    contentLength,
    sizeBytes: files.reduce((sum, file) => sum + (file.isPad ? 0 : file.sizeBytes), 0),
    files: Object.freeze(files),
    isAlbum,
    isPrivate,
    trackers: freezeAll(readTrackers(torrent)),
    webSeeds: Object.freeze(readWebSeeds(torrent)),
    ...descriptionOf(torrent),
  })
}

/**
 * Makes a torrent file around the `info` dictionary that a peer sent (BEP 9), byte for byte, and reads it. Whether its
 * hash is the one that was asked for is for the caller to check.
 *
 * @param trackers tiers of announce URLs
 * @throws {P2pShareError} as {@link parseMetainfo}
 */
export function metainfoFromInfo(
  infoBytes: Uint8Array,
  {
    trackers = [],
    webSeeds = [],
  }: { trackers?: readonly (readonly string[])[]; webSeeds?: readonly string[] } = {},
): Metainfo {
  const info = decodeBencode(infoBytes)
  return parseMetainfo(
    encodeBencode({
      announce: trackers.flat()[0],
      'announce-list': trackers.length > 0 ? trackers : undefined,
      info,
      'url-list': webSeeds.length > 0 ? webSeeds : undefined,
    }),
  )
}

/** The end of a line, as editors leave it, is all that may follow. */
function decodeTorrent(bytes: Uint8Array): BencodeDict {
  const { value, end } = decodeBencodePrefix(bytes)
  const rest = Buffer.from(bytes.subarray(end)).toString('latin1')
  if (rest !== '' && rest !== '\n' && rest !== '\r\n') decodeBencode(bytes)
  if (!(value instanceof BencodeDict)) throw invalidTorrent('it is not a dictionary')
  return value
}

/** The name cleaned, or the info-hash where nothing is left of it. */
function nameOf({ rawName, files, isAlbum }: Info, hash: string): string {
  const raw = isAlbum ? rawName : files[0]!.path[0]!
  const name = cleanName(raw)
  return name === '_' && raw !== '_' ? hash : name
}

function nameFiles({ files, isAlbum }: Info, name: string): TorrentFile[] {
  if (!isAlbum && files.length === 1 && !files[0]!.isPad) return [named(files[0]!, name, 0)]
  const folder = isAlbum ? name : undefined
  const pathOf = ({ path }: RawFile) => (isAlbum ? path : [name])
  // What is written has the first choice of names; pads are never written, so they may share theirs.
  const order = [...files.keys()].filter(index => !files[index]!.isPad)
  order.sort((one, other) => Number(files[one]!.isLink) - Number(files[other]!.isLink))
  const unique = uniquePaths(
    order.map(index => pathOf(files[index]!)),
    folder,
  )
  const paths = new Map(order.map((index, at) => [index, unique[at]!]))
  let offset = 0
  return files.map((file, index) => {
    const path = paths.get(index) ?? [name, ...cleanPath(file.path)].join('/')
    const start = offset
    offset += file.sizeBytes
    return named(file, path, start)
  })
}

function named({ sizeBytes, isPad, isLink, piecesRoot }: RawFile, path: string, offset: number): TorrentFile {
  return Object.freeze({ path, sizeBytes, offset, isPad, isLink, ...(piecesRoot ? { piecesRoot } : {}) })
}

function descriptionOf(torrent: BencodeDict): Pick<Metainfo, 'comment' | 'createdBy' | 'createdAt'> {
  const comment = textOf(torrent.get('comment.utf-8') ?? torrent.get('comment'), maxCommentLength)
  const createdBy = textOf(torrent.get('created by'), maxCreatedByLength)
  const seconds = torrent.get('creation date')
  const isDate = typeof seconds === 'number' && seconds >= 0 && seconds <= latestSecond
  return {
    ...(comment ? { comment } : {}),
    ...(createdBy ? { createdBy } : {}),
    ...(isDate ? { createdAt: new Date(seconds * 1000) } : {}),
  }
}

function textOf(value: BencodeValue | undefined, maxLength: number): string | undefined {
  return value instanceof Uint8Array ? rawName(value).slice(0, maxLength).toWellFormed() : undefined
}

function freezeAll(tiers: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return Object.freeze(tiers.map(tier => Object.freeze(tier)))
}
