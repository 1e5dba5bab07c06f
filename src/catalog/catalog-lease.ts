import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { type AbortOptions, isProcessAlive, ownProcessId, P2pShareError } from '../core/index.ts'
import type { CatalogRow } from './catalog-registry.ts'
import type { CatalogDatabase } from './database/catalog-database.ts'

const leaseMs = 30_000
const renewEveryMs = 5_000
const askEveryMs = 200
const waitMs = 60_000

/**
 * Lets one process at a time work on a catalog, of all that share the database. A process that is killed is seen to be gone
 * on its own machine at once, and from others after half a minute.
 */
export class CatalogLease {
  readonly #database: CatalogDatabase
  readonly #holder = JSON.stringify([hostname(), ownProcessId(), randomBytes(8).toString('hex')])
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
    const { db } = this.#database
    const row = await db
      .selectFrom('catalog')
      .select(['lease_by', 'lease_until'])
      .where('number', '=', catalog)
      .executeTakeFirst()
    const { lease_by: before = null, lease_until: until = 0 } = row ?? {}
    const isFree = before === null || before === this.#holder || until < nowMs || isGone(before)
    if (!isFree) return false
    const { numUpdatedRows } = await db
      .updateTable('catalog')
      .set({ lease_by: this.#holder, lease_until: nowMs + leaseMs })
      .where('number', '=', catalog)
      .where('lease_by', before === null ? 'is' : '=', before)
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

/** Whether the holder was a process of this machine that is there no longer. */
function isGone(holder: string): boolean {
  const [host, pid] = JSON.parse(holder) as [string, number, string]
  return host === hostname() && pid !== ownProcessId() && !isProcessAlive(pid)
}
