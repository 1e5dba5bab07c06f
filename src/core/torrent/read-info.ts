import { decodeBencode } from '../bencode/decode.ts'
import type { BencodeDict } from '../bencode/value.ts'
import { P2pShareError } from '../errors.ts'
import { readFileList } from './file-list.ts'
import { readFileTree } from './file-tree.ts'
import { invalidTorrent } from './invalid-torrent.ts'
import { maxPieceBytes, maxPieceCount, maxPieceLength, minPieceLengthV2 } from './limits.ts'
import { type RawFile, rawName } from './raw-file.ts'

/** What an `info` dictionary says, checked, names not yet cleaned. */
export interface Info {
  readonly format: 'v1' | 'v2' | 'hybrid'
  readonly rawName: string
  readonly pieceLength: number
  readonly pieceCount: number
  readonly contentLength: number
  /** SHA-1 hashes, 20 bytes a piece; empty where there is no v1 part. */
  readonly pieces: Uint8Array
  /** One after another without gaps, pads between them where they have to be aligned. */
  readonly files: readonly RawFile[]
  readonly isAlbum: boolean
  readonly isPrivate: boolean
}

const sha1Length = 20

/**
 * Reads an `info` dictionary (BEP 3, 27, 47, 52).
 *
 * @throws {P2pShareError} `ERR_INVALID_TORRENT`, `ERR_INVALID_BENCODE` where a v2 one has unsorted keys,
 *   `ERR_UNSUPPORTED_TORRENT` for a later version
 */
export function readInfo(info: BencodeDict): Info {
  const isV2 = readVersion(info) === 2
  if (isV2) decodeBencode(info.raw, { sortedKeys: true })
  const name = readName(info)
  const pieceLength = readPieceLength(info, isV2)
  const list = readFileList(info, name)
  const tree = isV2 ? readFileTree(info) : undefined
  if (list && tree) checkSame(list.files, tree.files, pieceLength)
  const listed = list ?? tree
  if (!listed) throw invalidTorrent('it has neither "files" nor a "length"')

  const files =
    list && tree ? withRoots(list.files, tree.files) : list ? list.files : align(listed.files, pieceLength)
  const contentLength = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  if (contentLength === 0) throw invalidTorrent('all of its files are empty')
  if (!Number.isSafeInteger(contentLength)) throw invalidTorrent('it is larger than 2^53 - 1 bytes')
  const pieceCount = Math.ceil(contentLength / pieceLength)
  if (pieceCount > maxPieceCount) throw invalidTorrent(`it has more than ${maxPieceCount} pieces`)
  if (Math.min(pieceLength, contentLength) > maxPieceBytes)
    throw invalidTorrent(`its pieces are larger than ${maxPieceBytes} bytes`)

  const isPrivate = (info.get('private') ?? 0) !== 0
  const pieces = list ? readPieces(info, pieceCount) : new Uint8Array()
  const format = list && tree ? 'hybrid' : list ? 'v1' : 'v2'
  return {
    format,
    rawName: name,
    pieceLength,
    pieceCount,
    contentLength,
    pieces,
    files,
    isAlbum: listed.isAlbum,
    isPrivate,
  }
}

function readVersion(info: BencodeDict): 1 | 2 {
  const version = info.get('meta version') ?? 1
  if (version === 1 && info.get('file tree') === undefined) return 1
  if (version === 2) return 2
  if (typeof version === 'number' && version > 2)
    throw new P2pShareError(
      'ERR_UNSUPPORTED_TORRENT',
      `The torrent is of version ${version}: only 1 and 2 are known, ask for a hybrid or v1 one`,
    )
  throw invalidTorrent('it has a file tree or a version that do not fit each other')
}

function readName(info: BencodeDict): string {
  const preferred = info.get('name.utf-8')
  const name = preferred instanceof Uint8Array ? preferred : info.get('name')
  if (!(name instanceof Uint8Array)) throw invalidTorrent('it has no name')
  return rawName(name)
}

function readPieceLength(info: BencodeDict, isV2: boolean): number {
  const length = info.get('piece length')
  if (typeof length !== 'number' || length <= 0 || length > maxPieceLength)
    throw invalidTorrent('its piece length is missing, not above 0 or too large')
  if (isV2 && (length < minPieceLengthV2 || !Number.isInteger(Math.log2(length))))
    throw invalidTorrent('its piece length is not a power of two from 16 KiB, as BEP 52 demands')
  return length
}

function readPieces(info: BencodeDict, pieceCount: number): Uint8Array {
  const pieces = info.get('pieces')
  if (!(pieces instanceof Uint8Array)) throw invalidTorrent('it has no "pieces"')
  if (pieces.length !== pieceCount * sha1Length)
    throw invalidTorrent(`it has ${pieces.length} bytes of hashes for ${pieceCount} pieces`)
  return pieces
}

/** Pads between files, so that each begins with a piece, as it is implied where there is no v1 part. */
function align(files: readonly RawFile[], pieceLength: number): RawFile[] {
  const aligned: RawFile[] = []
  let gap = 0
  for (const file of files) {
    if (gap > 0 && file.sizeBytes > 0) {
      aligned.push({ path: ['.pad', String(gap)], sizeBytes: gap, isPad: true, isLink: false })
      gap = 0
    }
    aligned.push(file)
    if (file.sizeBytes > 0) gap = (pieceLength - (file.sizeBytes % pieceLength)) % pieceLength
  }
  return aligned
}

/** BEP 52: both parts of a hybrid torrent list the same files, and v1 aligns them with pads. */
function checkSame(list: readonly RawFile[], tree: readonly RawFile[], pieceLength: number): void {
  const isAligned = alignmentOf(list, pieceLength)
  const real = list.filter(({ isPad }) => !isPad)
  const isSame = real.length === tree.length && real.every((file, index) => isSameFile(file, tree[index]!))
  if (!isSame || !isAligned) throw invalidTorrent('its v1 and v2 parts list different files')
}

function alignmentOf(list: readonly RawFile[], pieceLength: number): boolean {
  let offset = 0
  for (const { sizeBytes, isPad } of list) {
    if (!isPad && sizeBytes > 0 && offset % pieceLength !== 0) return false
    offset += sizeBytes
  }
  return true
}

function isSameFile(one: RawFile, other: RawFile): boolean {
  return (
    one.sizeBytes === other.sizeBytes &&
    one.isLink === other.isLink &&
    one.path.length === other.path.length &&
    one.path.every((component, index) => component === other.path[index])
  )
}

function withRoots(list: readonly RawFile[], tree: readonly RawFile[]): RawFile[] {
  let index = 0
  return list.map(file => (file.isPad ? file : { ...file, piecesRoot: tree[index++]!.piecesRoot }))
}
