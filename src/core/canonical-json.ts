import { P2pShareError } from './errors.ts'

const maxDepth = 32

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * The one way to write a value as JSON that RFC 8785 allows: no white space, keys in the order of their UTF-16 code
 * units, numbers and strings as ECMAScript writes them. Keys whose value is `undefined` are left out.
 *
 * @throws {P2pShareError} `ERR_INVALID_JSON` for numbers that JSON has not, text that is not well-formed Unicode, and
 *   what is nested deeper than 32
 * @example
 * canonicalJson({ b: 1, a: [true, 'ä'] }) // '{"a":[true,"ä"],"b":1}'
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value)
    throw new P2pShareError('ERR_INVALID_JSON', `${value} is no number that JSON can hold`)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object')
    throw new P2pShareError('ERR_INVALID_JSON', `JSON cannot hold a ${typeof value}`)
  if (depth >= maxDepth) throw new P2pShareError('ERR_INVALID_JSON', `JSON is nested deeper than ${maxDepth}`)
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item, depth + 1)).join(',')}]`
  let text = '{'
  for (const key of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[key]
    if (item === undefined) continue
    text += `${text.length > 1 ? ',' : ''}${quote(key)}:${canonicalJson(item, depth + 1)}`
  }
  return `${text}}`
}

/**
 * Reads JSON that has to be canonical.
 *
 * @throws {P2pShareError} `ERR_INVALID_JSON` for what is no JSON, or is JSON written in another way: duplicate keys, other
 *   order, white space, needless escapes, numbers that lose digits
 */
export function parseCanonicalJson(text: string): Json {
  let value: Json
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new P2pShareError('ERR_INVALID_JSON', 'This is no JSON', { cause: error })
  }
  if (isSurelyCanonical(value, text) || canonicalJson(value) === text) return value
  throw new P2pShareError('ERR_INVALID_JSON', 'This JSON is not in its canonical form (RFC 8785)')
}

/** A check that is several times as quick, and finds nearly all that is canonical. */
function isSurelyCanonical(value: Json, text: string): boolean {
  // Half a surrogate pair can be in a value only as itself or as an escape, which both are left to the slow way.
  return !text.includes('\\ud') && text.isWellFormed() && isSorted(value) && JSON.stringify(value) === text
}

function isSorted(value: Json, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth >= maxDepth) return false
  if (Array.isArray(value)) return value.every(item => isSorted(item, depth + 1))
  let last = ''
  for (const key of Object.keys(value)) {
    if (key < last || !isSorted((value as Record<string, Json>)[key]!, depth + 1)) return false
    last = key
  }
  return true
}

function quote(text: string): string {
  if (text.isWellFormed()) return JSON.stringify(text)
  throw new P2pShareError('ERR_INVALID_JSON', 'Text in JSON has to be well-formed Unicode')
}
