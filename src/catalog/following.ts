import { join, relative } from 'node:path'
import { type AbortOptions, type Metainfo, P2pShareError, parseMetainfo } from '../core/index.ts'
import type { SignedPointer, Swarm, Transfer } from '../swarm/index.ts'
import { applySnapshot } from './apply-snapshot.ts'
import type { CatalogLease } from './catalog-lease.ts'
import type { AppliedSegment, CatalogRegistry, CatalogRow } from './catalog-registry.ts'
import { askDht, askSite, type CatalogSource } from './catalog-source.ts'
import { type FetchProgress, fetchSnapshot, removeOldVersions } from './fetch-snapshot.ts'
import type { Manifest, SegmentKind } from './snapshot/manifest.ts'
import { openSnapshot } from './snapshot/open-snapshot.ts'
import type { ListingStore } from './store/listing-store.ts'

/** What bringing a followed catalog up to date came to. */
export interface SyncResult {
  readonly catalog: number
  readonly isChanged: boolean
  /** Listings that were not here before. */
  readonly added: number
  /** Listings of which a later revision came. */
  readonly replaced: number
  /** Listings that were withdrawn or that the catalog has no longer. */
  readonly removed: number
  /** Lines that were no listing, or not signed by their publisher. */
  readonly refused: number
  /** What was fetched from peers, metadata included. */
  readonly fetchedBytes: number
}

export interface SyncOptions extends AbortOptions {
  /** Given up when nothing arrives for so long. @default 60_000 */
  timeoutMs?: number | undefined
  /** Peers to try at once, `host:port`. */
  peers?: readonly string[] | undefined
  onProgress?: ((progress: SyncProgress) => void) | undefined
}

export type SyncProgress =
  | { readonly phase: 'finding' }
  | ({ readonly phase: 'fetching' } & FetchProgress)
  | { readonly phase: 'reading'; readonly recordsDone: number; readonly recordCount: number }

export interface FollowingInit {
  readonly registry: CatalogRegistry
  readonly store: ListingStore
  readonly lease: CatalogLease
  readonly now: () => Date
  /** The folder of a catalog's versions. */
  readonly rootOf: (catalog: Pick<CatalogRow, 'number'>) => string
}

const defaultTimeoutMs = 60_000
const unchanged = { isChanged: false, added: 0, replaced: 0, removed: 0, refused: 0, fetchedBytes: 0 }

/** The result, and the transfer that seeds the snapshot on; it has none where nothing was fetched. */
export interface Brought {
  readonly result: SyncResult
  readonly transfer: Transfer | undefined
}

/** Brings followed catalogs up to date: pointer, snapshot, signatures, database. */
export class Following {
  readonly #init: FollowingInit

  constructor(init: FollowingInit) {
    this.#init = init
  }

  /**
   * Where the newest snapshot of a catalog is.
   *
   * @throws {P2pShareError} `ERR_NO_PEERS` where the DHT has no pointer to it, `ERR_ROLLED_BACK` where what there is is older
   *   than what was seen before, and what asking a site throws
   */
  async locate(row: CatalogRow, swarm: Swarm, options: AbortOptions): Promise<CatalogSource> {
    const { name, public_key: publicKey, salt, seq } = row
    const source = row.url
      ? await askSite(row.url, options)
      : await askDht(swarm, { publicKey, salt }, seq, options)
    if (!source) throw nobodyKnows(name || publicKey, swarm)
    const { pointer } = source
    if (pointer.publicKey !== publicKey || pointer.salt !== salt)
      throw new P2pShareError('ERR_INVALID_CATALOG', `${row.url} has another catalog than "${name}" now`)
    if (pointer.seq < seq) throw rolledBack(row, pointer)
    return source
  }

  /**
   * Fetches what a source leads to, verifies every signature, and takes it into the database. What is here stays as it was
   * where that fails half way, and a later call goes on from there.
   */
  bring(row: CatalogRow, source: CatalogSource, swarm: Swarm, options: SyncOptions): Promise<Brought> {
    const { lease, registry } = this.#init
    // Another process may have brought it meanwhile.
    const bring = async () =>
      this.#bring((await registry.byNumber(row.number)) ?? row, source, swarm, options)
    return lease.whileHeld(row, bring, options)
  }

  async #bring(row: CatalogRow, source: CatalogSource, swarm: Swarm, options: SyncOptions): Promise<Brought> {
    const { registry, now } = this.#init
    const { pointer } = source
    const catalog = row.number
    if (pointer.seq < row.seq) throw rolledBack(row, pointer)
    // Before anything is fetched: from here on no older pointer is believed.
    await registry.update(catalog, pointerColumns(pointer))
    const synced = { synced_at: now().getTime(), problem: null }
    if (pointer.infoHash === row.info_hash) {
      await registry.update(catalog, synced)
      return { result: { catalog, ...unchanged }, transfer: undefined }
    }
    const root = this.#init.rootOf(row)
    const applied = {
      listings: await registry.segments(catalog, 'listings'),
      posters: await registry.segments(catalog, 'posters'),
    }
    const { transfer, folder } = await fetchSnapshot({
      swarm,
      root,
      infoHash: pointer.infoHash,
      metainfo: source.metainfo,
      last: row.folder === null ? undefined : { folder: join(root, row.folder), segments: applied },
      peers: [...(options.peers ?? []), ...source.peers],
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      allowPrivateAddresses: row.url !== null,
      onProgress: progress => options.onProgress?.({ phase: 'fetching', ...progress }),
      signal: options.signal,
    })
    try {
      const manifest = await this.#open(row, pointer, folder, applied)
      const counts = await applySnapshot(this.#init, catalog, manifest, folder, applied, {
        onProgress: (recordsDone, recordCount) =>
          options.onProgress?.({ phase: 'reading', recordsDone, recordCount }),
        signal: options.signal,
      })
      const metainfo = transfer.metainfo!
      await registry.update(catalog, {
        ...synced,
        ...(row.salt === '' ? named(manifest) : {}),
        name: row.name || manifest.name,
        description: manifest.description,
        info_hash: pointer.infoHash,
        torrent: metainfo.bytes,
        folder: relative(root, folder),
      })
      await removeOldVersions(root, [pointer.infoHash, ...(row.info_hash ? [row.info_hash] : [])])
      const fetchedBytes = transfer.stats().downloadedBytes + metadataBytes(source, metainfo)
      return { result: { catalog, isChanged: true, ...counts, fetchedBytes }, transfer }
    } catch (error) {
      await transfer.stop()
      throw error
    }
  }

  /**
   * Locates and brings catalogs, one after another, and notes with each what it ran into.
   *
   * @throws the first fault, after all were tried
   */
  async syncAll(rows: readonly CatalogRow[], swarm: Swarm, options: SyncOptions): Promise<SyncResult[]> {
    const results: SyncResult[] = []
    const faults: unknown[] = []
    for (const row of rows) {
      options.onProgress?.({ phase: 'finding' })
      try {
        const source = await this.locate(row, swarm, options)
        results.push((await this.bring(row, source, swarm, options)).result)
      } catch (error) {
        options.signal?.throwIfAborted()
        await this.#init.registry.update(row.number, { problem: (error as Error).message.slice(0, 1_000) })
        faults.push(error)
      }
    }
    if (faults.length > 0) throw faults[0]
    return results
  }

  /** Seeds on the snapshot that is here; `undefined` where there is none, or another process does. */
  async reseed(row: CatalogRow, swarm: Swarm, options: AbortOptions): Promise<Transfer | undefined> {
    const { torrent, folder } = row
    if (!torrent || folder === null) return undefined
    const root = this.#init.rootOf(row)
    const transfer = await swarm.get(parseMetainfo(torrent), {
      out: join(root, folder, '..'),
      allowPrivateAddresses: row.url !== null,
      ...options,
    })
    return transfer
  }

  async #open(
    row: CatalogRow,
    pointer: SignedPointer,
    folder: string,
    applied: Readonly<Record<SegmentKind, readonly AppliedSegment[]>>,
  ): Promise<Manifest> {
    const known = {
      listings: new Set(applied.listings.map(({ sha256 }) => sha256)),
      posters: new Set(applied.posters.map(({ sha256 }) => sha256)),
    }
    const of = { publicKey: row.public_key, salt: row.salt }
    const manifest = await openSnapshot(folder, of, (kind, { sha256 }) => known[kind].has(sha256))
    if (manifest.seq > pointer.seq)
      throw new P2pShareError(
        'ERR_INVALID_CATALOG',
        `The catalog "${manifest.name}" says that it is newer than the pointer to it`,
      )
    return manifest
  }
}

function rolledBack({ name, seq }: CatalogRow, pointer: SignedPointer): P2pShareError {
  return new P2pShareError(
    'ERR_ROLLED_BACK',
    `The catalog "${name}" was seen at ${seq} before, and ${pointer.seq} is older`,
  )
}

/**
 * A catalog that was found by its key alone goes by its own salt from here on. The pointer that led to it stands under none,
 * and is not the one to put into the DHT again.
 */
function named({ salt }: Manifest) {
  return { salt, pointer_value: null, pointer_signature: null }
}

/** The columns of a catalog that a pointer fills. */
export function pointerColumns({ seq, value, signature }: SignedPointer) {
  return { seq, pointer_value: value, pointer_signature: signature }
}

/** The metadata came from peers where no site handed it out. */
function metadataBytes({ metainfo }: CatalogSource, { infoBytes }: Metainfo): number {
  return metainfo ? 0 : infoBytes.length
}

function nobodyKnows(name: string, swarm: Swarm): P2pShareError {
  const isOff = swarm.stats().dhtNodes === undefined
  const why = isOff
    ? `The DHT is off, which tells where the catalog "${name}" is: switch it on, or follow the catalog by its web address`
    : `Nobody in the DHT knows where the catalog "${name}" is`
  return new P2pShareError('ERR_NO_PEERS', why)
}
