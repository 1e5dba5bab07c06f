import { createReadStream } from 'node:fs'
import { promisify } from 'node:util'
import { createGunzip, gzip } from 'node:zlib'
import { canonicalJson, fileSystemError, P2pShareError } from '../../core/index.ts'
import { type ListingId, listingId, looksLikeListingId } from '../listing/listing-id.ts'
import { maxRecordBytes } from '../listing/record.ts'

const chunkBytes = 256 * 1024
/** Of all lines of a file; what is written has 4 MiB. */
const maxUnpackedBytes = 256 * 1024 * 1024

const gzipped = promisify(gzip)

/** The line by which a catalog takes out a listing that is not its own to withdraw. */
export function removalLine(id: ListingId): string {
  return canonicalJson({ type: 'p2pshare/removal', id })
}

/** The id that a line takes out of the catalog; `undefined` for every other line. */
export function removedId(line: string): ListingId | undefined {
  if (line.length > 100 || !line.includes('"p2pshare/removal"')) return undefined
  const { type, id } = parse(line)
  return type === 'p2pshare/removal' && typeof id === 'string' && looksLikeListingId(id) ? id : undefined
}

/** The id that a line of any kind is about; `undefined` where it is none. */
export function idOfLine(line: string): ListingId | undefined {
  const removed = removedId(line)
  if (removed) return removed
  const { publisher, nonce } = parse(line)
  return typeof publisher === 'string' && typeof nonce === 'string' ? listingId(publisher, nonce) : undefined
}

/** The bytes of a segment's file: its lines, each ended by a line feed, compressed (RFC 1952). */
export async function compressLines(lines: readonly string[]): Promise<Uint8Array> {
  return gzipped(`${lines.join('\n')}\n`)
}

/**
 * The lines of a segment's file, one after another, in bounded memory.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG` where it is not compressed lines, a line is longer than any record, or all
 *   of them are more than a segment may hold; `ERR_PATH_NOT_FOUND`, `ERR_UNREADABLE_FILE`
 */
export async function* readLines(path: string): AsyncGenerator<string, undefined> {
  const text = new TextDecoder()
  let rest = ''
  let length = 0
  const file = createReadStream(path)
  const unpacked = file.pipe(createGunzip({ chunkSize: chunkBytes }))
  file.once('error', error => unpacked.destroy(error))
  try {
    for await (const chunk of unpacked) {
      length += chunk.length
      const lines = (rest + text.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop()!
      if (rest.length > maxRecordBytes || length > maxUnpackedBytes)
        throw new P2pShareError('ERR_INVALID_CATALOG', `${path} holds more than a segment may`)
      yield* lines
    }
  } catch (error) {
    if (/^Z_/.test((error as NodeJS.ErrnoException).code ?? ''))
      throw new P2pShareError('ERR_INVALID_CATALOG', `${path} is not compressed lines`, { cause: error })
    throw fileSystemError(error, path, 'read')
  } finally {
    file.destroy()
    unpacked.destroy()
  }
  if (rest !== '') yield rest
}

function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
