/**
 * Compares two paths name by name, names by their UTF-8 bytes: the order of a BEP 52 file tree, and the one in which
 * create-torrent walks a folder. JavaScript's own order of strings is another one beyond U+D800.
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
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}
