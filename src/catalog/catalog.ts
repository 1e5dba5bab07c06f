import { join } from 'node:path'
import { type AbortOptions, findHome, type Identity, loadIdentity, P2pShareError } from '../core/index.ts'
import { readPointerLink, type Swarm } from '../swarm/index.ts'
import { type CatalogInfo, type CatalogSnapshot, describeCatalog } from './catalog-info.ts'
import { CatalogLease } from './catalog-lease.ts'
import { checkCatalogName, findCatalog, refuseNamesake, saltOf } from './catalog-reference.ts'
import { CatalogRegistry, type CatalogRow, newCatalog } from './catalog-registry.ts'
import { askSite, catalogAddress } from './catalog-source.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'
import { openDatabase } from './database/open-database.ts'
import { Following, type SyncOptions, type SyncResult } from './following.ts'
import { CatalogKeeper } from './keeper.ts'
import type { ListingDraft } from './listing/fields.ts'
import type { ListingId } from './listing/listing-id.ts'
import type { Listing } from './listing/record.ts'
import { OwnCatalogs } from './own-catalogs.ts'
import { Publishing, type PublishOptions } from './publishing.ts'
import type { SearchPage, SearchQuery } from './search/search-query.ts'
import { ListingStore } from './store/listing-store.ts'
import type { StoredListing } from './store/stored-listing.ts'

export interface CatalogInit extends AbortOptions {
  /** One folder for all that p2pshare keeps. @default the platform's own places */
  home?: string | undefined
  /** Path of a SQLite file, or `postgres://…`. @default catalog.db in the home's data folder */
  database?: string | undefined
  /** Needed to follow, to sync and to keep up; publishing and searching go without. */
  swarm?: Swarm | undefined
  /** How often newer versions of followed catalogs are looked for, in milliseconds. @default 300_000 */
  pollEveryMs?: number | undefined
  now?: (() => Date) | undefined
}

export interface KeepUpOptions extends AbortOptions {
  /** Called with each catalog that was looked after. */
  onSynced?: ((result: SyncResult) => void) | undefined
  /** Called where a catalog could not be kept up for now. */
  onProblem?: ((catalog: CatalogInfo, error: unknown) => void) | undefined
}

const defaultPollEveryMs = 5 * 60_000
const firstName = 'my shares'

/**
 * Listings of photos, films and more: those that are published here, and those of catalogs that are followed. All of them
 * are searched without a network.
 *
 * @example
 * await using swarm = await Swarm.start()
 * await using catalog = await Catalog.open({ swarm })
 * await catalog.follow('magnet:?xs=urn:btpk:…')
 * for (const { title, magnet } of (await catalog.search('zoo')).listings) console.log(title, magnet)
 */
export class Catalog {
  readonly database: CatalogDatabase
  readonly store: ListingStore
  readonly #init: CatalogInit
  readonly #registry: CatalogRegistry
  readonly #following: Following
  readonly #own: OwnCatalogs
  readonly #publishing: Publishing
  #identity: Promise<Identity> | undefined

  private constructor(database: CatalogDatabase, init: CatalogInit) {
    this.database = database
    this.#init = init
    this.store = new ListingStore(database)
    const { store } = this
    const registry = new CatalogRegistry(database)
    const now = init.now ?? (() => new Date())
    const folder = join(findHome(init.home).state, 'catalogs')
    const rootOf = ({ number }: Pick<CatalogRow, 'number'>) => join(folder, String(number))
    const lease = new CatalogLease(database)
    this.#registry = registry
    this.#following = new Following({ registry, store, lease, now, rootOf })
    this.#own = new OwnCatalogs({ database, registry, store, lease, now, rootOf })
    this.#publishing = new Publishing({ database, registry, store, now })
  }

  /**
   * Opens the database, made where there is none.
   *
   * @throws {P2pShareError} `ERR_DATABASE`
   */
  static async open(init: CatalogInit = {}): Promise<Catalog> {
    init.signal?.throwIfAborted()
    const location = init.database ?? join(findHome(init.home).data, 'catalog.db')
    return new Catalog(await openDatabase(location), init)
  }

  /** The identity that listings and catalogs are signed with, made at the first use. */
  identity(): Promise<Identity> {
    this.#identity ??= loadIdentity(findHome(this.#init.home))
    return this.#identity
  }

  /** Every catalog that is made here or followed. */
  async catalogs(): Promise<CatalogInfo[]> {
    return Promise.all((await this.#registry.list()).map(row => this.#describe(row)))
  }

  /**
   * Finds a catalog by its name, number, link or key.
   * @throws {P2pShareError} `ERR_NO_SUCH_CATALOG`
   */
  async find(reference: string): Promise<CatalogInfo> {
    return this.#describe(await this.#row(reference))
  }

  /**
   * Makes a catalog of one's own; where there is one of that name already, gives that.
   *
   * @throws {P2pShareError} `ERR_NOT_AUTHORIZED` where this database has one of that name that another key signs
   */
  async create(name: string, { description = '' }: { description?: string } = {}): Promise<CatalogInfo> {
    const title = checkCatalogName(name)
    const { publicKey } = await this.identity()
    refuseNamesake(await this.#registry.list(), title, publicKey)
    const fields = newCatalog({ publicKey, salt: saltOf(title) }, title, this.#now())
    return this.#describe(await this.#registry.add({ ...fields, description, is_own: 1 }))
  }

  /**
   * Signs a listing and puts it into an own catalog.
   *
   * @throws {P2pShareError} `ERR_INVALID_LISTING`, `ERR_NO_SUCH_CATALOG`, `ERR_NO_SUCH_LISTING`, `ERR_NOT_AUTHORIZED`
   */
  async publish(draft: ListingDraft, { to, ...extras }: PublishOptions = {}): Promise<StoredListing> {
    return this.#publishing.publish(draft, await this.#ownRow(to), await this.identity(), extras)
  }

  /** Puts a listing that somebody else signed into an own catalog. */
  async accept(
    listing: Listing,
    { to, ...extras }: Omit<PublishOptions, 'revises'> = {},
  ): Promise<StoredListing> {
    return this.#publishing.accept(listing, await this.#ownRow(to), extras)
  }

  /** Takes signed records, one a line as {@link Catalog.export} gives them, into an own catalog. */
  async import(
    lines: AsyncIterable<string> | Iterable<string>,
    { to, signal }: { to?: string | undefined } & AbortOptions = {},
  ): Promise<{ taken: number; refused: number }> {
    return this.#publishing.import(lines, await this.#ownRow(to), signal)
  }

  /** Every record of a catalog as its publisher signed it, one a line. */
  async *export(reference: string): AsyncGenerator<string, undefined> {
    const { number } = await this.#row(reference)
    for (let after = 0; ; ) {
      const records = await this.store.recordsOf(number, { after, limit: 1_000 })
      for (const { json } of records) yield json
      if (records.length === 0) return
      after = records.at(-1)!.number
    }
  }

  /**
   * Takes an own listing back for good.
   * @throws {P2pShareError} `ERR_NO_SUCH_LISTING`, `ERR_NOT_AUTHORIZED`
   */
  async withdraw(id: ListingId, { reason }: { reason?: string | undefined } = {}): Promise<void> {
    await this.#publishing.withdraw(id, await this.identity(), reason)
  }

  /** Takes anybody's listing out of an own catalog. */
  async remove(id: ListingId, from: string): Promise<void> {
    await this.#publishing.remove(id, await this.#ownRow(from))
  }

  /** Brings the snapshot of an own catalog up to date, where something changed, and gives it. */
  async snapshot(reference?: string, options: AbortOptions = {}): Promise<CatalogSnapshot> {
    const row = await this.#ownRow(reference)
    const { metainfo, pointer } = await this.#own.build(row, await this.identity(), options)
    const built = (await this.#registry.byNumber(row.number))!
    return { catalog: await this.#describe(built), metainfo, pointer, port: this.#init.swarm?.port }
  }

  /**
   * Follows a catalog and fetches it. It is followed even if nobody has it at the moment.
   *
   * @param source a link (`magnet:?xs=urn:btpk:…`), a public key, or the address of a catalog's web site
   * @throws {P2pShareError} `ERR_INVALID_CATALOG`, and what {@link Catalog.sync} throws
   */
  async follow(
    source: string,
    options: SyncOptions = {},
  ): Promise<{ catalog: CatalogInfo; result: SyncResult }> {
    const row = await this.#follow(source, options)
    const [result] = await this.sync(String(row.number), options)
    return { catalog: await this.find(String(row.number)), result: result! }
  }

  /**
   * Brings one followed catalog, or all of them, up to date.
   *
   * @throws {P2pShareError} `ERR_NO_PEERS`, `ERR_TIMEOUT`, `ERR_ROLLED_BACK`, `ERR_INVALID_CATALOG`, `ERR_BAD_SIGNATURE`; of
   *   several catalogs the first one's fault, after all were tried
   */
  async sync(reference?: string, options: SyncOptions = {}): Promise<SyncResult[]> {
    const swarm = this.#swarm()
    const rows = reference === undefined ? await this.#registry.list() : [await this.#row(reference)]
    const followed = rows.filter(({ is_own }) => is_own === 0)
    return this.#following.syncAll(followed, swarm, options)
  }

  /** Forgets a catalog, and with it the listings that no other catalog holds. */
  async unfollow(reference: string): Promise<void> {
    const { number } = await this.#row(reference)
    await this.store.dropCatalog(number)
    await this.#registry.delete(number)
  }

  search(query: SearchQuery | string, options: AbortOptions = {}): Promise<SearchPage> {
    return this.store.search(typeof query === 'string' ? { text: query } : query, options)
  }

  /**
   * Keeps every catalog alive until aborted: writes and seeds own ones, reseeds and polls those that are followed, puts their
   * pointers into the DHT again. Never rejects for what a single catalog runs into.
   */
  async keepUp({ signal, onSynced, onProblem }: KeepUpOptions & { signal: AbortSignal }): Promise<void> {
    const keeper = new CatalogKeeper({
      registry: this.#registry,
      own: this.#own,
      following: this.#following,
      swarm: this.#swarm(),
      identity: await this.identity(),
      pollEveryMs: this.#init.pollEveryMs ?? defaultPollEveryMs,
      now: () => this.#now(),
      onSynced,
      onProblem: (row, error) => void this.#describe(row).then(info => onProblem?.(info, error)),
    })
    await keeper.run(signal)
  }

  async close(): Promise<void> {
    await this.database.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #follow(source: string, options: AbortOptions): Promise<CatalogRow> {
    if (/^https?:\/\//i.test(source)) {
      const { pointer, name } = await askSite(source, options)
      const row = newCatalog(pointer, name ?? new URL(source).host, this.#now())
      return this.#registry.add({ ...row, url: catalogAddress(source) })
    }
    const link = readPointerLink(source)
    const known = (await this.#registry.list()).find(
      row => link.salt === '' && row.is_own === 0 && row.public_key === link.publicKey,
    )
    if (known) return known
    return this.#registry.add(newCatalog(link, link.name ?? '', this.#now()))
  }

  /** The own catalog that is meant, or the only one. */
  async #ownRow(reference: string | undefined): Promise<CatalogRow> {
    const { publicKey } = await this.identity()
    if (reference === undefined) {
      const own = (await this.#registry.list()).filter(
        row => row.is_own === 1 && row.public_key === publicKey,
      )
      if (own.length > 1)
        throw new P2pShareError(
          'ERR_NO_SUCH_CATALOG',
          `Say which of your catalogs is meant: ${own.map(({ name }) => `"${name}"`).join(', ')}`,
        )
      return own[0] ?? this.#row(String((await this.create(firstName)).number))
    }
    const row = await this.#row(reference)
    if (row.is_own === 1 && row.public_key === publicKey) return row
    throw new P2pShareError('ERR_NOT_AUTHORIZED', `The catalog "${row.name}" is not yours to change`)
  }

  async #row(reference: string): Promise<CatalogRow> {
    return findCatalog(await this.#registry.list(), reference)
  }

  async #describe(row: CatalogRow): Promise<CatalogInfo> {
    return describeCatalog(row, await this.#own.count(row.number))
  }

  #now(): Date {
    return this.#init.now?.() ?? new Date()
  }

  #swarm(): Swarm {
    if (this.#init.swarm) return this.#init.swarm
    throw new P2pShareError(
      'ERR_INVALID_ARGUMENT',
      'Following a catalog takes a swarm: open the catalog with one',
    )
  }
}
