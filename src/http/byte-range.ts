/** Bytes from `start` up to, and without, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * What a `Range` header asks for (RFC 9110, 14.1): one range, or `whole` where there is none, where it cannot be read or asks
 * for several at once, which a server may answer with everything.
 *
 * @param sizeBytes of the whole
 */
export function readByteRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const [, first, last] = /^bytes[ \t]*=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'whole'
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes)
    return length > 0 ? { start: sizeBytes - length, end: sizeBytes } : 'unsatisfiable'
  }
  const start = Number(first)
  if (last !== '' && isLess(last, first)) return 'whole'
  if (start >= sizeBytes) return 'unsatisfiable'
  return { start, end: last === '' ? sizeBytes : Math.min(Number(last) + 1, sizeBytes) }
}

function isLess(one: string, other: string): boolean {
  return BigInt(one) < BigInt(other)
}
