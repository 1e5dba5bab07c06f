import type { Kysely } from 'kysely'
import type { CatalogSchema } from '../database/schema.ts'
import { leastSeedTier, mostSeedTier } from './index-terms.ts'

/** Listings that count as well seeded, about. */
const wellSeededCount = 10_000
const staleAfterMs = 60_000

/** Knows how many seeds are many here, looked up once a minute. */
export class WellSeeded {
  readonly #db: Kysely<CatalogSchema>
  #tier: Promise<number> | undefined
  #staleAt = 0

  constructor(db: Kysely<CatalogSchema>) {
    this.#db = db
  }

  /** The least power of two that fewer than some thousands of listings reach. */
  leastTier(): Promise<number> {
    const now = performance.now()
    if (this.#tier === undefined || now >= this.#staleAt) {
      this.#staleAt = now + staleAfterMs
      this.#tier = this.#lookUp()
      this.#tier.catch(() => {
        this.#tier = undefined
      })
    }
    return this.#tier
  }

  async #lookUp(): Promise<number> {
    const row = await this.#db
      .selectFrom('listing')
      .select('seeds')
      .where('seeds', 'is not', null)
      .orderBy('seeds', 'desc')
      .offset(wellSeededCount)
      .limit(1)
      .executeTakeFirst()
    const tier = Math.floor(Math.log2(Math.max(row?.seeds ?? 1, 1))) + 1
    return Math.min(Math.max(tier, leastSeedTier), mostSeedTier)
  }
}
