import { EventEmitter } from 'node:events'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalog } from '../catalog/index.ts'
import { findHome } from '../core/index.ts'
import type { Swarm } from '../swarm/index.ts'

export interface KeptCatalogInit {
  readonly home: string | undefined
  readonly swarm: Swarm
  /** How often newer versions of followed catalogs are looked for, in milliseconds. */
  readonly everyMs: () => number
  readonly onProblem: (what: string, error: unknown) => void
}

export interface KeptCatalogEvents {
  /** A catalog that is followed has something new. */
  news: []
}

interface Keeping {
  readonly everyMs: number
  readonly ending: AbortController
  readonly ended: Promise<void>
}

/** The home's catalogs, for all parts of the box: loaded and opened at the first use, and from then on kept up and seeded. */
export class KeptCatalog extends EventEmitter<KeptCatalogEvents> {
  readonly #init: KeptCatalogInit
  #opening: Promise<Catalog> | undefined
  #opened: Catalog | undefined
  #keeping: Keeping | undefined
  #isStopped = false

  constructor(init: KeptCatalogInit) {
    super()
    this.#init = init
  }

  /** `undefined` before the first use. */
  get opened(): Catalog | undefined {
    return this.#opened
  }

  /** @throws {P2pShareError} `ERR_DATABASE` */
  open(): Promise<Catalog> {
    this.#opening ??= this.#open().catch(error => {
      this.#opening = undefined
      throw error
    })
    return this.#opening
  }

  /** Opens them where the home has any, so that they are kept up whether or not anybody asks for them. */
  async openKnown(): Promise<void> {
    const path = join(findHome(this.#init.home).data, 'catalog.db')
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere && !this.#isStopped) await this.open()
  }

  /** Takes up settings that have changed. */
  async apply(): Promise<void> {
    if (!this.#opened || this.#isStopped || this.#keeping?.everyMs === this.#init.everyMs()) return
    await this.#end()
    if (!this.#isStopped) this.#keepUp(this.#opened)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#opening?.catch(() => {})
    await this.#end()
    await this.#opened?.close()
    this.#opened = undefined
  }

  async #open(): Promise<Catalog> {
    const { home, swarm, everyMs } = this.#init
    const { Catalog } = await import('../catalog/index.ts')
    const catalog = await Catalog.open({
      home,
      swarm,
      // Read anew each time that it begins to keep up.
      get pollEveryMs() {
        return everyMs()
      },
    })
    this.#opened = catalog
    if (!this.#isStopped) this.#keepUp(catalog)
    return catalog
  }

  #keepUp(catalog: Catalog): void {
    const { everyMs, onProblem } = this.#init
    const ending = new AbortController()
    const ended = catalog
      .keepUp({
        signal: ending.signal,
        onSynced: ({ isChanged }) => isChanged && this.emit('news'),
        onProblem: ({ name, link }, error) =>
          onProblem(`The catalog ${name || link} cannot be kept up`, error),
      })
      .catch(error => onProblem('Catalogs cannot be kept up', error))
    this.#keeping = { everyMs: everyMs(), ending, ended }
  }

  async #end(): Promise<void> {
    const keeping = this.#keeping
    this.#keeping = undefined
    keeping?.ending.abort()
    await keeping?.ended
  }
}
