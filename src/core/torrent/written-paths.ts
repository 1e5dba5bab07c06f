import { decodeBencode } from '../bencode/decode.ts'
import type { BencodeDict } from '../bencode/value.ts'
import type { Metainfo } from './metainfo.ts'
import { readInfo } from './read-info.ts'

/**
 * Paths of the files as the torrent itself writes them, components apart, the torrent's own name first where it holds several
 * files: what a server of the files knows them by. They may hold anything at all and are not for the file system.
 */
export function writtenPaths({ infoBytes, isAlbum }: Metainfo): readonly (readonly string[])[] {
  const { rawName, files } = readInfo(decodeBencode(infoBytes) as BencodeDict)
  return files.map(({ path }) => (isAlbum ? [rawName, ...path] : path))
}
