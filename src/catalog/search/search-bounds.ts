/** How much one search may read. What lies beyond makes its total inexact. */
export interface SearchBounds {
  /** Matches of words that are gone through for what the index of words cannot answer. */
  readonly matches: number
  /** Listings that are gone through where no index answers. */
  readonly listings: number
  /** Listings of a catalog that are tried one by one where the words are common. */
  readonly members: number
  /** Listings whose terms PostgreSQL looks at, where words are too common for its index. */
  readonly terms: number
  /** Listings that SQLite looks for words among before it looks at the clock. */
  readonly window: number
  /** How long SQLite goes on with older ones where that did not bring enough. */
  readonly windowsMs: number
}

export const defaultBounds: SearchBounds = {
  matches: 20_000,
  listings: 50_000,
  members: 2_000,
  terms: 50_000,
  window: 250_000,
  windowsMs: 150,
}
