import { P2pShareError } from '../errors.ts'
import {
  type BencodeValue,
  colon,
  ending,
  following,
  letterD,
  letterI,
  letterL,
  rowLength,
  rowsWithin,
  stringStart,
  type Tape,
  valueAt,
} from './value.ts'

export interface BencodeLimits {
  /** How deep lists and dictionaries may lie within each other. @default 100 */
  readonly maxDepth?: number
  /** How many values there may be, keys counted. @default 2,000,000 */
  readonly maxItems?: number
  /** Whether the keys of every dictionary have to be in order, as BEP 52 demands. @default false */
  readonly sortedKeys?: boolean
}

const letterE = 0x65
const minus = 0x2d

/**
 * Decodes bencode (BEP 3) that somebody else wrote. All of it is checked before anything is handed out: integers are
 * exact and at most 2^53 - 1 in size, without leading zeros or a negative zero; lengths lie within the input; no key
 * comes twice; nothing follows the value. Keys out of order are accepted.
 *
 * @throws {P2pShareError} `ERR_INVALID_BENCODE`, with the position of the offending byte
 */
export function decodeBencode(bytes: Uint8Array, limits: BencodeLimits = {}): BencodeValue {
  const { value, end } = decodeBencodePrefix(bytes, limits)
  if (end < bytes.length) throw invalid(end, `${bytes.length - end} bytes follow the end`)
  return value
}

/**
 * Decodes a value that other bytes may follow, as in the messages of BEP 9, and tells where it ends.
 *
 * @throws {P2pShareError} `ERR_INVALID_BENCODE`, with the position of the offending byte
 */
export function decodeBencodePrefix(
  bytes: Uint8Array,
  limits: BencodeLimits = {},
): { value: BencodeValue; end: number } {
  const { maxDepth = 100, maxItems = 2_000_000, sortedKeys = false } = limits
  let rows = new Int32Array(rowLength * Math.min(64, maxItems))
  let rowsEnd = 0
  let position = 0
  let depth = 0
  // Of each open list or dictionary its row; of dictionaries the last key's row (0 before the first), and what is next.
  const openRow = new Int32Array(maxDepth)
  const lastKey = new Int32Array(maxDepth)
  const wantsKey = new Uint8Array(maxDepth)
  const isUnsorted = new Uint8Array(maxDepth)

  do {
    const byte = bytes[position]
    const top = depth - 1
    const isInDict = depth > 0 && bytes[rows[openRow[top]!]!] === letterD

    if (byte === letterE && depth > 0) {
      if (isInDict && !wantsKey[top]) throw invalid(position, 'a key has no value')
      const row = openRow[top]!
      rows[row + ending] = ++position
      rows[row + following] = rowsEnd
      if (isUnsorted[top]) rejectDuplicates({ bytes, rows }, row)
      depth--
      continue
    }

    if (rowsEnd === maxItems * rowLength) throw invalid(position, `more than ${maxItems} values`)
    if (rowsEnd === rows.length) {
      const longer = new Int32Array(Math.min(rows.length * 2, maxItems * rowLength))
      longer.set(rows)
      rows = longer
    }
    const row = rowsEnd
    rowsEnd += rowLength
    rows[row] = position

    const isKey = isInDict && wantsKey[top] === 1
    if (isInDict) wantsKey[top] = isKey ? 0 : 1
    if (isKey && byte !== undefined && !isDigit(byte)) throw invalid(position, 'a key has to be a string')

    if (byte === letterL || byte === letterD) {
      if (depth === maxDepth) throw invalid(position, `nested deeper than ${maxDepth}`)
      openRow[depth] = row
      lastKey[depth] = 0
      wantsKey[depth] = 1
      isUnsorted[depth] = 0
      depth++
      position++
      continue
    }

    if (byte === letterI) position = skipInteger(bytes, position)
    else if (isDigit(byte)) position = skipString(bytes, position)
    else throw invalid(position, byte === undefined ? 'it ends too early' : 'no value begins like this')
    rows[row + ending] = position
    rows[row + following] = rowsEnd

    if (!isKey) continue
    const order = lastKey[top] === 0 ? -1 : compareStrings(bytes, rows[lastKey[top]!]!, rows[row]!)
    if (order === 0) throw invalid(rows[row]!, 'a key comes twice')
    if (order > 0 && sortedKeys) throw invalid(rows[row]!, 'the keys are not in order')
    if (order > 0) isUnsorted[top] = 1
    lastKey[top] = row
  } while (depth > 0)

  return { value: valueAt({ bytes, rows }, 0), end: position }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Position after the string that begins at `position`. */
function skipString(bytes: Uint8Array, position: number): number {
  const start = position
  let length = 0
  for (; isDigit(bytes[position]); position++) {
    length = length * 10 + bytes[position]! - 0x30
    if (length > bytes.length) throw invalid(start, 'a string is longer than what is left')
  }
  if (bytes[start] === 0x30 && position > start + 1) throw invalid(start, 'a length has leading zeros')
  if (bytes[position] !== colon) throw invalid(position, 'no colon after a length')
  if (length > bytes.length - position - 1) throw invalid(start, 'a string is longer than what is left')
  return position + 1 + length
}

/** Position after the integer that begins at `position`. */
function skipInteger(bytes: Uint8Array, position: number): number {
  const start = position
  const isNegative = bytes[++position] === minus
  if (isNegative) position++
  const firstDigit = position
  let size = 0
  for (; isDigit(bytes[position]); position++) {
    // Compared digit by digit, and the digit taken by itself, so that nothing is rounded before it is found too large.
    size = size * 10 + (bytes[position]! - 0x30)
    if (size > Number.MAX_SAFE_INTEGER) throw invalid(start, 'an integer is larger than 2^53 - 1')
  }
  if (position === firstDigit) throw invalid(start, 'an integer has no digits')
  if (bytes[firstDigit] === 0x30 && (position > firstDigit + 1 || isNegative))
    throw invalid(start, 'an integer has leading zeros or is a negative zero')
  if (bytes[position] !== letterE) throw invalid(position, 'an integer does not end with e')
  return position + 1
}

/** Order of two strings by their bytes, given where their lengths begin: below, at or above 0. */
function compareStrings(bytes: Uint8Array, one: number, other: number): number {
  const oneStart = stringStart(bytes, one)
  const otherStart = stringStart(bytes, other)
  const oneLength = lengthBefore(bytes, one, oneStart)
  const otherLength = lengthBefore(bytes, other, otherStart)
  const shorter = Math.min(oneLength, otherLength)
  for (let index = 0; index < shorter; index++) {
    const difference = bytes[oneStart + index]! - bytes[otherStart + index]!
    if (difference !== 0) return difference
  }
  return oneLength - otherLength
}

function lengthBefore(bytes: Uint8Array, position: number, start: number): number {
  let length = 0
  for (; position < start - 1; position++) length = length * 10 + bytes[position]! - 0x30
  return length
}

function rejectDuplicates(tape: Tape, row: number): void {
  const { bytes, rows } = tape
  let isKey = false
  const keys = [...rowsWithin(tape, row)].filter(() => {
    isKey = !isKey
    return isKey
  })
  const positions = keys.map(key => rows[key]!).sort((one, other) => compareStrings(bytes, one, other))
  for (const [index, position] of positions.entries())
    if (index > 0 && compareStrings(bytes, positions[index - 1]!, position) === 0)
      throw invalid(position, 'a key comes twice')
}

function invalid(position: number, what: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_BENCODE', `Invalid bencode at byte ${position}: ${what}`)
}
