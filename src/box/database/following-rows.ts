/** A feed that is, or was, followed. Times are milliseconds since 1970. */
export interface FeedRow {
  readonly url: string
  readonly title: string
  /** As the server gave them, to ask only for what is new; else empty. */
  readonly etag: string
  readonly last_modified: string
  /** When it was last read without a fault. */
  readonly synced_at: number | null
  /** Why it could not be read the last time, or what in it could not; else empty. */
  readonly problem: string
}

/** What a feed had once: each item stays known after the feed has it no longer. */
export interface FeedItemRow {
  /** From 1, in the order in which they were seen. */
  readonly number: number
  readonly feed_url: string
  readonly guid: string
  readonly title: string
  /** One of the two, the other is empty. */
  readonly magnet: string
  readonly torrent_url: string
  readonly info_hash: string | null
  readonly size_bytes: number | null
  readonly seeds: number | null
  readonly listed_at: number
}

/** A torrent that was fetched because it was followed. */
export interface MirroredRow {
  readonly info_hash: string
  /** As listed, and once that is known, as it is. */
  readonly size_bytes: number
  /** Whether it was found to be within the quota once its real size was known. */
  readonly is_admitted: number
  /** Whether a person took it out of the box: it is not fetched again. */
  readonly is_removed: number
}
