import type { Generated } from 'kysely'

/** A catalog that is made here or followed. */
export interface CatalogTable {
  number: Generated<number>
  public_key: string
  salt: string
  name: string
  description: string
  /** Where it is followed through a web site; null where through the DHT. */
  url: string | null
  is_own: number
  /** Of the newest pointer that was ever seen: no older one is believed, not after a restart either. */
  seq: number
  /** Of the snapshot that is here; null before the first. */
  info_hash: string | null
  /** The .torrent of that snapshot. */
  torrent: Uint8Array | null
  /** Where its files are, below the folder of the catalog's versions. */
  folder: string | null
  /** The signed pointer to it, as it is put into the DHT. */
  pointer_value: Uint8Array | null
  pointer_signature: Uint8Array | null
  created_at: number
  synced_at: number | null
  /** Why the last attempt to bring it up to date failed. */
  problem: string | null
  /** Which process is at work on it, and until when it may be. */
  lease_by: string | null
  lease_until: number
}

/** A file of a catalog's snapshot, in the order in which they apply. */
export interface SegmentTable {
  number: Generated<number>
  catalog_number: number
  kind: 'listings' | 'posters'
  position: number
  sha256: string
  size_bytes: number
  count: number
}

/** What happened to an own catalog since its last snapshot, in order. */
interface CatalogChangeTable {
  number: Generated<number>
  catalog_number: number
  kind: 'listings' | 'posters'
  /** The id of a listing, or the SHA-256 of a poster. */
  what: string
}

export interface CatalogTables {
  catalog: CatalogTable
  segment: SegmentTable
  catalog_change: CatalogChangeTable
}
