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

/** Many times what a box mirrors at a time. */
const usualMost = 100_000

const unknown: MirroredFacts = { sizeBytes: 0, isAdmitted: false, isRemoved: false }

/** Remembers what was mirrored; all of it is in memory, and written down as it changes. */
export class Mirrored {
  readonly #db: BoxDatabase
  readonly #facts: Map<Hex, MirroredFacts>
  readonly #most: number

  private constructor(db: BoxDatabase, facts: Map<Hex, MirroredFacts>, most: number) {
    this.#db = db
    this.#facts = facts
    this.#most = most
  }

  /** @param most how many are remembered */
  static async open(db: BoxDatabase, most = usualMost): Promise<Mirrored> {
    const rows = await db.selectFrom('mirrored').selectAll().execute()
    return new Mirrored(
      db,
      new Map(
        rows.map(({ info_hash, size_bytes: sizeBytes, is_admitted, is_removed }) => [
          info_hash,
          { sizeBytes, isAdmitted: is_admitted === 1, isRemoved: is_removed === 1 },
        ]),
      ),
      most,
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
    if (this.#facts.size > this.#most) await this.#forgetOne(infoHash)
  }

  /** What was turned away goes first, then what was let in, and last what a person took out. */
  async #forgetOne(latest: Hex): Promise<void> {
    let least = latest
    let leastStaying = Number.POSITIVE_INFINITY
    for (const [infoHash, { isAdmitted, isRemoved }] of this.#facts) {
      const staying = isRemoved ? 2 : isAdmitted ? 1 : 0
      if (infoHash === latest || staying >= leastStaying) continue
      least = infoHash
      leastStaying = staying
      if (staying === 0) break
    }
    this.#facts.delete(least)
    await this.#db.deleteFrom('mirrored').where('info_hash', '=', least).execute()
  }
}
