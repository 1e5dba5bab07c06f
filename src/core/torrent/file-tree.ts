import { BencodeDict, type BencodeValue } from '../bencode/value.ts'
import { maxDepth } from '../safe-path.ts'
import { invalidTorrent } from './invalid-torrent.ts'
import { maxFileCount } from './limits.ts'
import { nodeLength } from './merkle.ts'
import { type RawFile, rawName, readAttributes, readSize } from './raw-file.ts'

/**
 * The files of the v2 part of an `info` dictionary (BEP 52), in the order of its file tree.
 *
 * @throws {P2pShareError} `ERR_INVALID_TORRENT`
 */
export function readFileTree(info: BencodeDict): { files: readonly RawFile[]; isAlbum: boolean } {
  const tree = info.get('file tree')
  if (!(tree instanceof BencodeDict)) throw invalidTorrent('it is of version 2 and has no "file tree"')
  const files: RawFile[] = []
  readFolder(tree, [], files)
  if (files.length === 0) throw invalidTorrent('it has no files')
  return { files, isAlbum: files.length > 1 || files[0]!.path.length > 1 }
}

/** How deep this goes is bounded by the decoder. Of folders that are too deep the names are left out, as in lists. */
function readFolder(folder: BencodeDict, path: readonly string[], files: RawFile[]): void {
  for (const [key, value] of folder.entries()) {
    if (key.length === 0) throw invalidTorrent('its file tree has a file without a name')
    if (!(value instanceof BencodeDict))
      throw invalidTorrent('its file tree holds something other than files')
    const file = value.get('')
    if (file === undefined) {
      readFolder(value, path.length < maxDepth - 1 ? [...path, rawName(key)] : path, files)
      continue
    }
    if (value.size > 1) throw invalidTorrent('its file tree has a file that is a folder too')
    if (files.length === maxFileCount) throw invalidTorrent(`it has more than ${maxFileCount} files`)
    files.push(readFile(file, [...path, rawName(key)]))
  }
}

function readFile(file: BencodeValue, path: readonly string[]): RawFile {
  if (!(file instanceof BencodeDict)) throw invalidTorrent('one of its files is not a dictionary')
  const { isPad, isLink } = readAttributes(file)
  if (isPad) throw invalidTorrent('its file tree has a pad, which only v1 file lists have')
  const sizeBytes = isLink ? 0 : readSize(file.get('length'))
  const piecesRoot = sizeBytes > 0 ? readRoot(file.get('pieces root')) : undefined
  return { path, sizeBytes, isPad, isLink, piecesRoot }
}

function readRoot(root: BencodeValue | undefined): Uint8Array {
  if (root instanceof Uint8Array && root.length === nodeLength && root.some(byte => byte !== 0)) return root
  throw invalidTorrent('one of its files has no "pieces root"')
}
