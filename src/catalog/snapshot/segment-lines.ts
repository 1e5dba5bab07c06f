import { createReadStream } from 'node:fs'
import { canonicalJson, fileSystemError, P2pShareError } from '../../core/index.ts'
import { type ListingId, listingId, looksLikeListingId } from '../listing/listing-id.ts'
import { maxRecordBytes } from '../listing/record.ts'

const chunkBytes = 1024 * 1024

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

/**
 * The lines of a segment's file, one after another, in bounded memory.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG` at a line longer than any record, `ERR_PATH_NOT_FOUND`,
 *   `ERR_UNREADABLE_FILE`
 */
export async function* readLines(path: string): AsyncGenerator<string, undefined> {
  let rest = ''
  try {
    for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes })) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()!
      if (rest.length > maxRecordBytes)
        throw new P2pShareError('ERR_INVALID_CATALOG', `A line in ${path} is longer than a record may be`)
      yield* lines
    }
  } catch (error) {
    throw fileSystemError(error, path, 'read')
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
