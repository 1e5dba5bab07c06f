import type { Hex } from '../../core/index.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'

/** What is known of a torrent that was fetched because it was followed, whether or not the box still has it. */
export interface MirroredFacts {
  /** As listed, and once that is known, as it is. */
  readonly sizeBytes: number
  /** Whether it was within the quota once its real size was known: it may then always go on. */
  readonly isAdmitted: boolean
  /** Whether a person took it out of the box: it is not fetched again. */
  readonly isRemoved: boolean
}

const unknown: MirroredFacts = { sizeBytes: 0, isAdmitted: false, isRemoved: false }

/** Remembers what was mirrored; all of it is in memory, and written down as it changes. */
export class Mirrored {
  readonly #db: BoxDatabase
  readonly #facts: Map<Hex, MirroredFacts>

  private constructor(db: BoxDatabase, facts: Map<Hex, MirroredFacts>) {
    this.#db = db
    this.#facts = facts
  }

  static async open(db: BoxDatabase): Promise<Mirrored> {
    const rows = await db.selectFrom('mirrored').selectAll().execute()
    return new Mirrored(
      db,
      new Map(
        rows.map(({ info_hash, size_bytes: sizeBytes, is_admitted, is_removed }) => [
          info_hash,
          { sizeBytes, isAdmitted: is_admitted === 1, isRemoved: is_removed === 1 },
        ]),
      ),
    )
  }

  get(infoHash: Hex): MirroredFacts | undefined {
    return this.#facts.get(infoHash)
  }

  /** Those that a person took out. */
  *removed(): Generator<Hex> {
    for (const [infoHash, { isRemoved }] of this.#facts) if (isRemoved) yield infoHash
  }

  /** Known here at once; resolves when it is written. */
  async note(infoHash: Hex, change: Partial<MirroredFacts>): Promise<void> {
    const facts = { ...unknown, ...this.#facts.get(infoHash), ...change }
    this.#facts.set(infoHash, facts)
    const columns = {
      size_bytes: facts.sizeBytes,
      is_admitted: facts.isAdmitted ? 1 : 0,
      is_removed: facts.isRemoved ? 1 : 0,
    }
    await this.#db
      .insertInto('mirrored')
      .values({ info_hash: infoHash, ...columns })
      .onConflict(conflict => conflict.column('info_hash').doUpdateSet(columns))
      .execute()
  }
}
