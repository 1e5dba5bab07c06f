import { P2pShareError } from '../errors.ts'
import { BencodeDict, BencodeList } from './value.ts'

/**
 * What can be encoded. A key whose value is `undefined` is left out; lists and dictionaries that were decoded go in
 * byte for byte as they were.
 */
export type Bencodable =
  | number
  | bigint
  | string
  | Uint8Array
  | BencodeList
  | BencodeDict
  | readonly Bencodable[]
  | BencodableDict

type BencodableDict =
  | ReadonlyMap<string | Uint8Array, Bencodable | undefined>
  | { readonly [key: string]: Bencodable | undefined }

const maxDepth = 100

/**
 * Encodes a value as bencode (BEP 3), the keys of dictionaries in the order of their raw bytes.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for a number that is not a safe integer, a key given twice, nesting
 *   deeper than 100, or what bencode cannot express
 */
export function encodeBencode(value: Bencodable): Uint8Array {
  const parts: Uint8Array[] = []
  append(value, parts, 0)
  return new Uint8Array(Buffer.concat(parts))
}

function append(value: Bencodable, parts: Uint8Array[], depth: number): void {
  if (typeof value === 'string' || value instanceof Uint8Array) appendString(value, parts)
  else if (typeof value === 'bigint' || Number.isSafeInteger(value))
    parts.push(Buffer.from(`i${BigInt(value as number)}e`))
  else if (value instanceof BencodeDict || value instanceof BencodeList) parts.push(value.raw)
  else if (typeof value !== 'object' || value === null) throw unencodable(String(value))
  else if (depth === maxDepth) throw unencodable(`What is nested deeper than ${maxDepth}`)
  else if (isList(value)) {
    parts.push(Buffer.from('l'))
    for (const item of value) append(item, parts, depth + 1)
    parts.push(Buffer.from('e'))
  } else appendDict(value, parts, depth)
}

function appendString(value: string | Uint8Array, parts: Uint8Array[]): void {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  parts.push(Buffer.from(`${bytes.length}:`), bytes)
}

function appendDict(dict: BencodableDict, parts: Uint8Array[], depth: number): void {
  const entries = [...(dict instanceof Map ? dict : Object.entries(dict))]
    .map(([key, value]) => ({ key: Buffer.from(key), value }))
    .sort((one, other) => Buffer.compare(one.key, other.key))
  parts.push(Buffer.from('d'))
  let last: Buffer | undefined
  for (const { key, value } of entries) {
    if (value === undefined) continue
    if (last?.equals(key)) throw unencodable(`The key ${JSON.stringify(key.toString())} twice`)
    last = key
    appendString(key, parts)
    append(value, parts, depth + 1)
  }
  parts.push(Buffer.from('e'))
}

function isList(value: object): value is readonly Bencodable[] {
  return Array.isArray(value)
}

function unencodable(what: string): P2pShareError {
  return new P2pShareError('ERR_INVALID_ARGUMENT', `${what} cannot be written as bencode`)
}
