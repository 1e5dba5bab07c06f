const surrogate = /[\ud800-\udfff]/

/**
 * Compares two paths name by name, names by their UTF-8 bytes: the order of a BEP 52 file tree, and the one in which
 * create-torrent walks a folder.
 */
export function compareInTree(a: readonly string[], b: readonly string[]): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) {
    const order = compareNames(a[index]!, b[index]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

export function compareNames(a: string, b: string): number {
  if (a === b) return 0
  // JavaScript's own order is by UTF-16, and another one only where surrogates are.
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : 1
}
