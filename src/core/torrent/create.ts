import type { AbortOptions } from '../abort.ts'
import { P2pShareError } from '../errors.ts'
import { hashPieces, prepareHashing } from '../hash/hash-pieces.ts'
import { type HashProgress, HashProgressMeter } from '../hash/hash-progress.ts'
import { type HashJob, type PieceHashes, sha1Length } from '../hash/piece-hasher.ts'
import { type ContentLayout, layOutAligned, layOutEndToEnd } from './content-layout.ts'
import { createInfoFromContents, type TorrentContents } from './create-from-contents.ts'
import { type InfoInit, treeInfo, v1Info } from './info-dictionary.ts'
import { maxPieceCount, maxTorrentBytes } from './limits.ts'
import { nodeLength } from './merkle.ts'
import type { Metainfo } from './metainfo.ts'
import { checkPieceLength, defaultPieceLength } from './piece-length.ts'
import { parseMetainfo } from './read-metainfo.ts'
import { type Scan, type Skipped, scanFiles } from './scan-files.ts'
import type { SourceFile } from './source-file.ts'
import { checkFields, encodeTorrent, type TorrentFields } from './torrent-fields.ts'

export interface CreateOptions extends TorrentFields, AbortOptions {
  /** The torrent's name. @default that of the file or folder; of several, that of the first */
  name?: string | undefined
  /** Bytes in a piece, a power of two from 16 KiB to 64 MiB. @default by size, as create-torrent does it */
  pieceLength?: number | undefined
  /** `v2` is BEP 52, `hybrid` v1 and v2 at once; both are for files only. @default 'v1' */
  format?: 'v1' | 'hybrid' | 'v2' | undefined
  /** BEP 27: only the torrent's own trackers may be told of it. @default false */
  isPrivate?: boolean | undefined
  /** Where relative paths start. @default the process's working directory */
  cwd?: string | undefined
  /** Globs of files to take, see `scanFiles`. @default all */
  include?: readonly string[] | undefined
  /** Globs of files and folders to leave out. @default none */
  exclude?: readonly string[] | undefined
  /** Takes hidden files and the litter of operating systems too. @default false */
  hidden?: boolean | undefined
  onProgress?: ((progress: HashProgress) => void) | undefined
}

export interface CreatedTorrent {
  /** The torrent file. */
  readonly bytes: Uint8Array
  readonly metainfo: Metainfo
  /** The files that it was made of, in the order of the torrent, pads left out; empty where it was not made of files. */
  readonly sources: readonly SourceFile[]
  readonly skipped: readonly Skipped[]
}

/** What a torrent can be made of: paths of files and folders, or contents. */
export type TorrentInput = string | readonly string[] | TorrentContents

// Names need room beside the hashes.
const largestHashes = maxTorrentBytes * 0.95
const longScanMs = 8

/**
 * Makes a torrent of files and folders, or of buffers, blobs and streams. Files are hashed in worker threads in bounded
 * memory and are only ever read; aborting ends the threads and rejects with the signal's reason.
 *
 * The info-hash of the same files, names and piece length is that of create-torrent, and of mktorrent except where it
 * orders files otherwise (docs/decisions). No tracker is added that is not named.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_NOTHING_TO_SHARE`, `ERR_SOURCE_CHANGED` where a file changes while
 *   it is hashed, `ERR_UNREADABLE_FILE`, `ERR_INVALID_ARGUMENT`, `ERR_TORRENT_TOO_LARGE`
 * @example
 * const { bytes, metainfo } = await createTorrent('photos', { exclude: ['*.raw'] })
 * await writeFile(`${metainfo.name}.torrent`, bytes)
 */
export async function createTorrent(
  input: TorrentInput,
  options: CreateOptions = {},
): Promise<CreatedTorrent> {
  options.signal?.throwIfAborted()
  checkOptions(options)
  const paths = pathsOf(input)
  if (paths) return createFromFiles(await scanAndPrepare(paths, options), options)
  const info = await createInfoFromContents(input as TorrentContents, options)
  return finish(encodeTorrent(info, options), [], [])
}

/**
 * Makes a torrent of files that have been found already, so that others can stand in for some of them: such as copies
 * without the place where a photo was taken. Options that are for finding files have no effect.
 *
 * @throws {P2pShareError} as {@link createTorrent}
 */
export async function createFromFiles(scan: Scan, options: CreateOptions = {}): Promise<CreatedTorrent> {
  checkOptions(options)
  const { format = 'v1', name = scan.name, isPrivate = false, signal, onProgress } = options
  const sizeBytes = scan.files.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (sizeBytes === 0) throw new P2pShareError('ERR_NOTHING_TO_SHARE', `"${name}" holds no bytes to share`)
  const pieceLength = options.pieceLength ?? defaultPieceLength(sizeBytes)
  const withSha1 = format !== 'v2'
  const withTree = format !== 'v1'
  const layout = withTree ? layOutAligned(scan.files, pieceLength) : layOutEndToEnd(scan.files)
  const pieceCount = Math.ceil(layout.contentLength / pieceLength)
  checkPieceCount(pieceCount, pieceLength, (withSha1 ? sha1Length : 0) + (withTree ? nodeLength : 0))

  const { parts, contentLength } = layout
  const job: HashJob = { pieceLength, contentLength, parts, withSha1, withTree, skipsUnreadable: false }
  const { pieces, nodes } = await hashAll(job, pieceCount, signal, onProgress)
  const init: InfoInit = { name, isAlbum: scan.isAlbum, pieceLength, isPrivate, pieces }
  return finish(encode(layout, init, nodes, options), layout.sources, scan.skipped)
}

/** A folder that takes long to look through is a large one: the threads that will hash it start meanwhile. */
async function scanAndPrepare(paths: readonly string[], options: CreateOptions): Promise<Scan> {
  const timer = setTimeout(prepareHashing, longScanMs)
  try {
    return await scanFiles(paths, options)
  } finally {
    clearTimeout(timer)
  }
}

function encode(
  layout: ContentLayout,
  init: InfoInit,
  nodes: Uint8Array,
  options: CreateOptions,
): Uint8Array {
  const { format = 'v1' } = options
  if (format === 'v1') return encodeTorrent(v1Info(layout, init), options)
  const { info, pieceLayers } = treeInfo(layout, init, nodes, format)
  return encodeTorrent(info, options, pieceLayers)
}

async function hashAll(
  job: HashJob,
  pieceCount: number,
  signal: AbortSignal | undefined,
  onProgress: CreateOptions['onProgress'],
): Promise<{ pieces: Uint8Array; nodes: Uint8Array }> {
  const pieces = new Uint8Array(job.withSha1 ? pieceCount * sha1Length : 0)
  const nodes = new Uint8Array(job.withTree ? pieceCount * nodeLength : 0)
  const all = new Uint32Array(pieceCount).map((_, index) => index)
  const meter = onProgress && new HashProgressMeter(job, all)
  const keep = (hashes: PieceHashes) => {
    // The pieces of an order follow each other here, because all of them were ordered.
    const first = hashes.pieces[0]!
    if (job.withSha1) pieces.set(hashes.sha1, first * sha1Length)
    if (job.withTree) nodes.set(hashes.nodes, first * nodeLength)
    if (meter) onProgress?.(meter.add(hashes.pieces))
  }
  await hashPieces(job, all, keep, { signal })
  return { pieces, nodes }
}

function finish(
  bytes: Uint8Array,
  sources: readonly SourceFile[],
  skipped: readonly Skipped[],
): CreatedTorrent {
  if (bytes.length > maxTorrentBytes)
    throw new P2pShareError(
      'ERR_TORRENT_TOO_LARGE',
      `The torrent file would be ${bytes.length} bytes large, others read up to ${maxTorrentBytes}: choose a larger piece length, or share fewer files at once`,
    )
  return { bytes, metainfo: parseMetainfo(bytes), sources, skipped }
}

function pathsOf(input: TorrentInput): readonly string[] | undefined {
  if (typeof input === 'string') return [input]
  if (Array.isArray(input) && input.every(item => typeof item === 'string')) return input
  return undefined
}

function checkOptions(options: CreateOptions): void {
  checkFields(options)
  if (options.pieceLength !== undefined) checkPieceLength(options.pieceLength)
  if (options.name !== undefined) checkName(options.name)
  if (!['v1', 'hybrid', 'v2', undefined].includes(options.format))
    throw new P2pShareError(
      'ERR_INVALID_ARGUMENT',
      `"${options.format}" is not a format: take v1, hybrid or v2`,
    )
}

function checkName(name: string): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name)) return
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `"${name}" cannot be the name of a torrent: it is the name of one file or folder, without slashes`,
  )
}

function checkPieceCount(pieceCount: number, pieceLength: number, bytesEach: number): void {
  if (pieceCount <= maxPieceCount && pieceCount * bytesEach <= largestHashes) return
  throw new P2pShareError(
    'ERR_TORRENT_TOO_LARGE',
    `Pieces of ${pieceLength} bytes would make ${pieceCount} of them, too many for a torrent file that others read: choose a larger piece length`,
  )
}
