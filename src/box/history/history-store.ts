import { sql } from 'kysely'
import type { HistoryRow } from '../database/history-row.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import { keptSeconds } from './spans.ts'

/** What went through the box, in its database. */
export class HistoryStore {
  readonly #db: BoxDatabase

  constructor(db: BoxDatabase) {
    this.#db = db
  }

  /** Adds to what is there of the same stretches, and forgets what is too old or, since the clock has gone back, yet to come. */
  async add(rows: Iterable<HistoryRow>, nowSeconds: number): Promise<void> {
    await this.#db.transaction().execute(async db => {
      for (const row of rows)
        await db
          .insertInto('history')
          .values(row)
          .onConflict(conflict =>
            conflict.columns(['width', 'at']).doUpdateSet({
              seconds: sql`history.seconds + excluded.seconds`,
              uploaded: sql`history.uploaded + excluded.uploaded`,
              downloaded: sql`history.downloaded + excluded.downloaded`,
              peer_seconds: sql`history.peer_seconds + excluded.peer_seconds`,
            }),
          )
          .execute()
      for (const [width, seconds] of keptSeconds)
        await db
          .deleteFrom('history')
          .where('width', '=', width)
          .where(where => where.or([where('at', '<', nowSeconds - seconds), where('at', '>', nowSeconds)]))
          .execute()
    })
  }

  /** In the order of time. */
  read(width: number, fromSeconds: number): Promise<HistoryRow[]> {
    return this.#db
      .selectFrom('history')
      .selectAll()
      .where('width', '=', width)
      .where('at', '>=', fromSeconds)
      .orderBy('at')
      .execute()
  }
}
