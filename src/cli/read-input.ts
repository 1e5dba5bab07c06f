import { createReadStream } from 'node:fs'
import { resolve } from 'node:path'
import {
  fileSystemError,
  looksLikeMagnet,
  looksLikeWebAddress,
  type Metainfo,
  maxTorrentBytes,
  P2pShareError,
  parseMetainfo,
  raceAbort,
  readTorrent,
} from '../core/index.ts'
import type { Env } from './env.ts'

const dictionaryStart = 0x64

/**
 * Reads what stands for `-`: the bytes of a .torrent, or a line with a magnet link, an info-hash or an address.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTIFIER` where there is nothing, `ERR_TORRENT_TOO_LARGE` past 10 MB
 */
async function readStdin({ stdin, signal }: Env): Promise<Uint8Array | string> {
  const bytes = await raceAbort(readAll(stdin, maxTorrentBytes), signal)
  if (!bytes)
    throw new P2pShareError(
      'ERR_TORRENT_TOO_LARGE',
      'More than 10 MB came in on stdin: that is no .torrent file',
    )
  if (bytes[0] === dictionaryStart) return bytes
  const text = bytes.toString('utf8').trim()
  if (text !== '') return text
  throw new P2pShareError('ERR_INVALID_IDENTIFIER', 'Nothing came in on stdin')
}

/** `undefined` where there is more. */
async function readAll(
  source: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk)
    sizeBytes += bytes.length
    if (sizeBytes > maxBytes) return undefined
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** Whether a word is an address, a magnet link or an info-hash rather than a path. */
export function isIdentifier(word: string): boolean {
  return looksLikeMagnet(word) || looksLikeWebAddress(word)
}

/** What `get` and `info` are given: bytes from stdin, an identifier, or an absolute path. */
export async function readIdentifier(word: string, env: Env): Promise<Uint8Array | string> {
  if (word.trim() === '') {
    throw new P2pShareError('ERR_INVALID_IDENTIFIER', 'An empty word names no torrent: check the quotes')
  }
  if (word !== '-') return isIdentifier(word) ? word : resolve(env.cwd, word)
  const input = await readStdin(env)
  return typeof input === 'string' && !isIdentifier(input) ? resolve(env.cwd, input) : input
}

/**
 * Reads a small text file, or stdin for `-`.
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`, also where it is larger than `maxBytes`
 */
export async function readText(word: string, maxBytes: number, env: Env): Promise<string> {
  const path = resolve(env.cwd, word)
  try {
    const source = word === '-' ? env.stdin : createReadStream(path, { end: maxBytes })
    const bytes = await raceAbort(readAll(source, maxBytes), env.signal)
    if (bytes) return bytes.toString('utf8')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall ? fileSystemError(error, path, 'read') : error
  }
  throw new P2pShareError('ERR_UNREADABLE_FILE', `${word} is larger than ${maxBytes} bytes`)
}

/** Reads a .torrent file, or stdin for `-`. */
export async function readTorrentArgument(word: string, env: Env): Promise<Metainfo> {
  if (word !== '-') return readTorrent(resolve(env.cwd, word), { signal: env.signal })
  const input = await readStdin(env)
  if (typeof input !== 'string') return parseMetainfo(input)
  throw new P2pShareError('ERR_INVALID_TORRENT', 'What came in on stdin is no .torrent file')
}
