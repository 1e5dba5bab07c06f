import { join, relative } from 'node:path'
import {
  type AbortOptions,
  type Hex,
  type Identity,
  isThere,
  type Metainfo,
  parseMetainfo,
} from '../core/index.ts'
import { readPointer, type SignedPointer, type Swarm, signPointer, type Transfer } from '../swarm/index.ts'
import type { CatalogLease } from './catalog-lease.ts'
import type { CatalogChange, CatalogRegistry, CatalogRow } from './catalog-registry.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'
import { removeOldVersions } from './fetch-snapshot.ts'
import { pointerColumns } from './following.ts'
import { buildSnapshot, torrentOptions } from './snapshot/build-snapshot.ts'
import { manifestName } from './snapshot/manifest.ts'
import { removalLine } from './snapshot/segment-lines.ts'
import { currentRecords } from './store/current-records.ts'
import type { ListingStore } from './store/listing-store.ts'

/** How long a pointer is believed after it was signed; a living publisher signs anew when half of it is over. */
const pointerLifeMs = 60 * 24 * 3_600_000
const recordsAtOnce = 1_000
/** Records in files against listings in the catalog: what was replaced and removed is left out once it is as much. */
const mostWaste = 2

export interface OwnCatalogsInit {
  readonly database: CatalogDatabase
  readonly registry: CatalogRegistry
  readonly store: ListingStore
  readonly now: () => Date
  readonly rootOf: (catalog: Pick<CatalogRow, 'number'>) => string
  readonly lease: CatalogLease
}

/** The newest version of an own catalog. */
export interface OwnSnapshot {
  readonly metainfo: Metainfo
  readonly pointer: SignedPointer
}

/** Makes own catalogs into torrents and pointers. */
export class OwnCatalogs {
  readonly #init: OwnCatalogsInit

  constructor(init: OwnCatalogsInit) {
    this.#init = init
  }

  /** Whether what is there is not in a snapshot yet, or its pointer ages. */
  async isDue(row: CatalogRow): Promise<boolean> {
    return row.torrent === null || this.#isAgeing(row) || (await this.#init.registry.hasChanges(row.number))
  }

  /**
   * Brings the snapshot of an own catalog up to date; what has not changed stays as it is.
   *
   * @throws {P2pShareError} `ERR_HOME_LOCKED` where another process is at it, `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`
   */
  async build(row: CatalogRow, identity: Identity, options: AbortOptions = {}): Promise<OwnSnapshot> {
    const { registry, lease } = this.#init
    if (!(await this.isDue(row))) return snapshotOf(row)
    const build = async () => {
      // Another process may have been quicker.
      const current = (await registry.byNumber(row.number))!
      if (await this.isDue(current)) await this.#build(current, identity, options)
      return snapshotOf((await registry.byNumber(row.number))!)
    }
    return lease.whileHeld(row, build, options)
  }

  /** Seeds the snapshot of an own catalog. */
  async seed(row: CatalogRow, swarm: Swarm, options: AbortOptions): Promise<Transfer | undefined> {
    if (row.torrent === null || row.folder === null) return undefined
    const folder = join(this.#init.rootOf(row), row.folder)
    if (!(await isThere(join(folder, manifestName)))) return undefined
    return swarm.seed([folder], { ...torrentOptions(parseMetainfo(row.torrent).sizeBytes), ...options })
  }

  #isAgeing({ pointer_value, synced_at }: CatalogRow): boolean {
    const signedAt = synced_at ?? 0
    return pointer_value !== null && this.#init.now().getTime() - signedAt > pointerLifeMs / 2
  }

  async #build(row: CatalogRow, identity: Identity, options: AbortOptions): Promise<void> {
    const { registry, store, now, rootOf } = this.#init
    const { number: catalog, salt, name, description } = row
    const root = rootOf(row)
    const changes = await registry.changes(catalog)
    const listingCount = await this.count(catalog)
    const last = await this.#lastVersion(row, root, listingCount)
    const posters = new Map<Hex, Uint8Array>()
    const lines = last ? await this.#changedLines(catalog, changes) : []
    const hashes = changes.filter(({ kind }) => kind === 'posters').map(({ what }) => what)
    if (!last) hashes.push(...(await this.#everything(catalog, lines)))
    for (const hash of hashes) {
      const bytes = await store.poster(hash)
      if (bytes) posters.set(hash, bytes)
    }
    // By the clock, so that a database which was restored from a backup does not fall behind what others have seen.
    const seq = Math.max(row.seq + 1, Math.floor(now().getTime() / 1000))
    const built = await buildSnapshot({
      ...{ identity, salt, name, description, seq, now: now(), listingCount, root, last, lines, posters },
      signal: options.signal,
    })
    const { metainfo } = built.torrent
    const expiresAt = new Date(now().getTime() + pointerLifeMs)
    const pointer = signPointer({ infoHash: metainfo.infoHash!, seq, expiresAt, salt }, identity)
    await registry.keepSnapshot(
      catalog,
      {
        ...pointerColumns(pointer),
        info_hash: metainfo.infoHash!,
        torrent: metainfo.bytes,
        folder: relative(root, built.folder),
        synced_at: now().getTime(),
        problem: null,
      },
      built,
      changes.at(-1)?.number ?? 0,
    )
    await removeOldVersions(root, [String(seq), String(row.seq)])
  }

  /** What is to be said of listings that changed: as the database has them now, whatever became of the changes. */
  async #changedLines(catalog: number, changes: readonly CatalogChange[]): Promise<string[]> {
    const ids = [...new Set(changes.flatMap(({ kind, what }) => (kind === 'listings' ? [what] : [])))]
    const records = await currentRecords(this.#init.database.db, catalog, ids)
    return ids.map(id => records.get(id) ?? removalLine(id))
  }

  async #lastVersion(row: CatalogRow, root: string, listingCount: number) {
    if (row.folder === null) return undefined
    const folder = join(root, row.folder)
    if (!(await isThere(join(folder, manifestName)))) return undefined
    const listings = await this.#init.registry.segments(row.number, 'listings')
    const records = listings.reduce((sum, { count }) => sum + count, 0)
    if (records > recordsAtOnce && records > mostWaste * listingCount) return undefined
    return { folder, listings, posters: await this.#init.registry.segments(row.number, 'posters') }
  }

  /** Takes every record of a catalog out of the database; answers the hashes of their posters. */
  async #everything(catalog: number, lines: string[]): Promise<Hex[]> {
    const hashes: Hex[] = []
    for (let after = 0; ; ) {
      const records = await this.#init.store.recordsOf(catalog, { after, limit: recordsAtOnce })
      for (const { json } of records) {
        lines.push(json)
        const { poster } = JSON.parse(json) as { poster?: { sha256: Hex } }
        if (poster) hashes.push(poster.sha256)
      }
      if (records.length < recordsAtOnce) return hashes
      after = records.at(-1)!.number
    }
  }

  async count(catalog: number): Promise<number> {
    const { count } = await this.#init.database.db
      .selectFrom('catalog_listing')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('catalog_id', '=', catalog)
      .executeTakeFirstOrThrow()
    return Number(count)
  }
}

/** The snapshot that a row holds. */
export function snapshotOf({
  torrent,
  public_key,
  salt,
  seq,
  pointer_value,
  pointer_signature,
}: CatalogRow): OwnSnapshot {
  return {
    metainfo: parseMetainfo(torrent!),
    pointer: readPointer({
      publicKey: public_key,
      salt,
      seq,
      value: pointer_value!,
      signature: pointer_signature!,
    }),
  }
}
