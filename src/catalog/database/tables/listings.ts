/** What a listing is found and ranked by; narrow, so that many are looked at quickly. */
interface ListingTable {
  /** When it was listed and its number, see `listingKey`: the order of the newest. */
  key: number
  /** Short, stable, never given again. */
  number: number
  id: string
  publisher: string
  revision: number
  section: string
  size_bytes: number
  info_hash: string | null
  info_hash_v2: string | null
  /** SHA-256 of its poster. */
  poster: string | null
  /** Folded title, tags and creator, a line each: what its rank comes from. */
  words: string
  /** When it first came here, in milliseconds. */
  seen_at: number
  seeds: number | null
  leeches: number | null
  health_at: number | null
}

/** The signed JSON of a listing. */
interface ListingRecordTable {
  number: number
  json: string
}

/** Which catalogs hold a listing, and by which segment of their snapshot. */
interface CatalogListingTable {
  listing_number: number
  catalog_id: number
  segment_id: number | null
}

/** Listings that were taken back, remembered for good. */
interface WithdrawalTable {
  id: string
  json: string
}

/** Words that listings are indexed under; `count` comes from a sample of the listings. */
interface WordTable {
  word: string
  count: number
}

/** How many listings a section has, and under `number` the last number that was given. */
interface ListingCounterTable {
  name: string
  value: number
}

interface PosterTable {
  sha256: string
  bytes: Uint8Array
}

interface TorrentFileTable {
  info_hash: string
  bytes: Uint8Array
}

interface BlockedPublisherTable {
  publisher: string
  blocked_at: number
}

/** The index of words: a virtual table of SQLite, on PostgreSQL a tsvector each; rowid is the listing's key. */
interface ListingSearchTable {
  rowid: number
  terms: string
}

export interface ListingTables {
  listing: ListingTable
  listing_record: ListingRecordTable
  catalog_listing: CatalogListingTable
  withdrawal: WithdrawalTable
  word: WordTable
  listing_counter: ListingCounterTable
  poster: PosterTable
  torrent_file: TorrentFileTable
  blocked_publisher: BlockedPublisherTable
  listing_search: ListingSearchTable
}
