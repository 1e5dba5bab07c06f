import { BencodeDict, BencodeList, type BencodeValue } from '../bencode/value.ts'
import { maxDepth } from '../safe-path.ts'
import { invalidTorrent } from './invalid-torrent.ts'
import { maxFileCount } from './limits.ts'
import { type RawFile, rawName, readAttributes, readSize } from './raw-file.ts'

const bitCometPad = '_____padding_file_'

/**
 * The files of the v1 part of an `info` dictionary (BEP 3, with pads and links after BEP 47), or `undefined` where it
 * has no v1 part.
 *
 * @param name the torrent's name, which is a bare file's path
 * @throws {P2pShareError} `ERR_INVALID_TORRENT`
 */
export function readFileList(
  info: BencodeDict,
  name: string,
): { files: readonly RawFile[]; isAlbum: boolean } | undefined {
  const list = info.get('files')
  if (list instanceof BencodeList) return { files: readList(list), isAlbum: true }
  if (list !== undefined) throw invalidTorrent('its "files" are not a list')
  const length = info.get('length')
  if (length === undefined) return undefined
  return {
    files: [{ path: [name], sizeBytes: readSize(length), isPad: false, isLink: false }],
    isAlbum: false,
  }
}

function readList(list: BencodeList): RawFile[] {
  const files: RawFile[] = []
  for (const entry of list) {
    if (files.length === maxFileCount) throw invalidTorrent(`it has more than ${maxFileCount} files`)
    if (!(entry instanceof BencodeDict)) throw invalidTorrent('one of its files is not a dictionary')
    files.push(readFile(entry))
  }
  if (files.length === 0) throw invalidTorrent('it has no files')
  return files
}

function readFile(entry: BencodeDict): RawFile {
  const { isPad, isLink } = readAttributes(entry)
  const sizeBytes = isLink ? 0 : readSize(entry.get('length'))
  const path = readPath(entry.get('path.utf-8')) ?? readPath(entry.get('path'))
  if (isLink) readPath(entry.get('symlink path'))
  if (!path && !isPad) throw invalidTorrent('one of its files has no path')
  const isMarked = path?.at(-1)?.startsWith(bitCometPad) ?? false
  return { path: path ?? ['.pad', String(sizeBytes)], sizeBytes, isPad: isPad || isMarked, isLink }
}

/** Components of a path, of those that are too deep the last one only; `undefined` where there are none. */
function readPath(value: BencodeValue | undefined): string[] | undefined {
  if (value === undefined) return undefined
  if (!(value instanceof BencodeList)) throw invalidTorrent('the path of a file is not a list')
  const path: string[] = []
  for (const component of value) {
    if (!(component instanceof Uint8Array))
      throw invalidTorrent('the path of a file has a part that is no string')
    if (path.length === maxDepth) path.pop()
    path.push(rawName(component))
  }
  return path.length > 0 ? path : undefined
}
