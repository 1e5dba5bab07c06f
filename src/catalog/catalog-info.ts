import type { Hex, Metainfo } from '../core/index.ts'
import { pointerLink, type SignedPointer } from '../swarm/index.ts'
import type { CatalogRow } from './catalog-registry.ts'

/** A catalog as it is known here; a frozen snapshot. */
export interface CatalogInfo {
  /** Short and stable in this database. */
  readonly number: number
  readonly name: string
  readonly description: string
  readonly publicKey: Hex
  readonly salt: string
  /** What others follow it by: `magnet:?xs=urn:btpk:…`. */
  readonly link: string
  /** The web site that it is followed through; `undefined` where through the DHT. */
  readonly url: string | undefined
  readonly isOwn: boolean
  /** Of the newest pointer that was seen; 0 before the first. */
  readonly seq: number
  /** Of the snapshot that is here. */
  readonly infoHash: Hex | undefined
  readonly listingCount: number
  readonly createdAt: Date
  readonly syncedAt: Date | undefined
  /** Why it could not be brought up to date the last time. */
  readonly problem: string | undefined
}

/** The newest version of an own catalog. */
export interface CatalogSnapshot {
  readonly catalog: CatalogInfo
  readonly metainfo: Metainfo
  readonly pointer: SignedPointer
  /** The TCP port at which this process shares it; `undefined` where it has no swarm. */
  readonly port: number | undefined
}

export function describeCatalog(row: CatalogRow, listingCount: number): CatalogInfo {
  const { number, name, description, public_key: publicKey, salt, seq } = row
  return Object.freeze({
    number,
    name,
    description,
    publicKey,
    salt,
    link: pointerLink({ publicKey, salt, name }),
    url: row.url ?? undefined,
    isOwn: row.is_own === 1,
    seq,
    infoHash: row.info_hash ?? undefined,
    listingCount,
    createdAt: new Date(row.created_at),
    syncedAt: row.synced_at === null ? undefined : new Date(row.synced_at),
    problem: row.problem ?? undefined,
  })
}
