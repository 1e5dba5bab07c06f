import type { BencodeDict, BencodeValue } from '../bencode/value.ts'
import { invalidTorrent } from './invalid-torrent.ts'

/** A file as an `info` dictionary lists it, its name not yet cleaned. */
export interface RawFile {
  /** Below the torrent's name; of a bare file, its name. */
  readonly path: readonly string[]
  readonly sizeBytes: number
  readonly isPad: boolean
  readonly isLink: boolean
  readonly piecesRoot?: Uint8Array | undefined
}

/** A name as it is written, U+FFFD where it is not UTF-8. */
export function rawName(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}

/** BEP 47 attributes of a file. A link holds no bytes, whatever its length says. */
export function readAttributes(file: BencodeDict): { isPad: boolean; isLink: boolean } {
  const attributes = file.get('attr')
  const letters = attributes instanceof Uint8Array ? rawName(attributes) : ''
  return { isPad: letters.includes('p'), isLink: letters.includes('l') }
}

/** A size in bytes, which has to be there and not negative. */
export function readSize(value: BencodeValue | undefined): number {
  if (typeof value !== 'number' || value < 0) throw invalidTorrent('a file has no length, or a negative one')
  return value
}
