/** Positions that PostgreSQL keeps; words behind have the last. */
const maxPosition = 16_383
/** Places of one word that PostgreSQL keeps. */
const maxPlaces = 255

/**
 * Terms as PostgreSQL writes a tsvector, with their places. No parser of PostgreSQL sees the text, whose answers would
 * depend on the database's locale and differ from SQLite's.
 *
 * @param terms of letters and digits, without quotes and backslashes
 */
export function tsvectorOf(terms: readonly string[]): string {
  const places = new Map<string, number[]>()
  for (const [index, term] of terms.entries()) {
    const position = Math.min(index + 1, maxPosition)
    const held = places.get(term)
    if (!held) places.set(term, [position])
    else if (held.length < maxPlaces && held.at(-1) !== position) held.push(position)
  }
  return [...places].map(([term, positions]) => `'${term}':${positions.join(',')}`).join(' ')
}
