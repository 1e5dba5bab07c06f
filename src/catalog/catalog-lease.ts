import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { type AbortOptions, P2pShareError } from '../core/index.ts'
import type { CatalogRow } from './catalog-registry.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'

const leaseMs = 60_000
const renewEveryMs = 15_000
const askEveryMs = 200
const waitMs = 60_000

/**
 * Lets one process at a time work on a catalog, of all that share the database. A process that is killed holds it for a
 * minute at most.
 */
export class CatalogLease {
  readonly #database: CatalogDatabase
  readonly #holder = `${hostname()} ${randomBytes(8).toString('hex')}`
  readonly #held = new Set<number>()

  constructor(database: CatalogDatabase) {
    this.#database = database
  }

  /**
   * Does the work once nobody else is at this catalog.
   *
   * @throws {P2pShareError} `ERR_HOME_LOCKED` where another process is still at it after a minute
   */
  async whileHeld<T>(
    { number, name }: Pick<CatalogRow, 'number' | 'name'>,
    work: () => Promise<T>,
    { signal }: AbortOptions = {},
  ): Promise<T> {
    const deadlineMs = performance.now() + waitMs
    while (this.#held.has(number) || !(await this.#take(number))) {
      if (performance.now() > deadlineMs)
        throw new P2pShareError('ERR_HOME_LOCKED', `Another p2pshare is at work on the catalog "${name}"`)
      await wait(askEveryMs, undefined, { signal })
    }
    this.#held.add(number)
    const renewing = setInterval(() => void this.#take(number).catch(() => {}), renewEveryMs)
    try {
      return await work()
    } finally {
      clearInterval(renewing)
      this.#held.delete(number)
      await this.#release(number)
    }
  }

  async #take(catalog: number): Promise<boolean> {
    const nowMs = Date.now()
    const { numUpdatedRows } = await this.#database.db
      .updateTable('catalog')
      .set({ lease_by: this.#holder, lease_until: nowMs + leaseMs })
      .where('number', '=', catalog)
      .where(where =>
        where.or([
          where('lease_by', 'is', null),
          where('lease_by', '=', this.#holder),
          where('lease_until', '<', nowMs),
        ]),
      )
      .executeTakeFirst()
    return numUpdatedRows > 0n
  }

  async #release(catalog: number): Promise<void> {
    await this.#database.db
      .updateTable('catalog')
      .set({ lease_by: null, lease_until: 0 })
      .where('number', '=', catalog)
      .where('lease_by', '=', this.#holder)
      .execute()
  }
}
