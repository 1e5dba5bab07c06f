import { BencodeDict, type BencodeLimits, decodeBencodePrefix } from '../../../../core/index.ts'

/** Dictionaries of BEP 9, 10 and 11 have a dozen of keys, and one dictionary inside at most. */
const limits: BencodeLimits = { maxDepth: 8, maxItems: 512 }

/** The dictionary that a peer's payload begins with and what follows it; `undefined` where it begins with none. */
export function readDictionary(payload: Uint8Array): { dict: BencodeDict; rest: Uint8Array } | undefined {
  try {
    const { value, end } = decodeBencodePrefix(payload, limits)
    return value instanceof BencodeDict ? { dict: value, rest: payload.subarray(end) } : undefined
  } catch {
    return undefined
  }
}

/** A number of a dictionary, where it is one and lies within bounds. */
export function numberAt(dict: BencodeDict, key: string, min: number, max: number): number | undefined {
  const value = dict.get(key)
  return typeof value === 'number' && value >= min && value <= max ? value : undefined
}

/** A string of a dictionary, a view of the payload. */
export function bytesAt(dict: BencodeDict, key: string): Uint8Array | undefined {
  const value = dict.get(key)
  return value instanceof Uint8Array ? value : undefined
}
