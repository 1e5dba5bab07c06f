import { sql } from 'kysely'
import type { SourceFile } from '../../core/index.ts'
import type { BoxDatabase } from '../database/open-box-database.ts'
import type { Entry, EntryChange, EntryMaterial, NewEntry } from './entry.ts'
import { type KeptRow, materialColumns, peersColumn, readMaterial, readRow, rowOf } from './entry-row.ts'

const kept = [
  'id',
  'info_hash',
  'name',
  'kind',
  'magnet',
  'folder',
  'path',
  'origin',
  'labels',
  'added_at',
  'done_at',
  'is_paused',
  'queue_place',
  'upload_limit',
  'download_limit',
  'ratio_goal',
  'seed_ms_goal',
  'priorities',
  'peers',
  'uploaded',
  'downloaded',
  'seeding_ms',
] as const satisfies readonly (keyof KeptRow)[]

/** What the box keeps of its transfers, in its database. */
export class EntryStore {
  readonly #db: BoxDatabase

  constructor(db: BoxDatabase) {
    this.#db = db
  }

  /** All of them, in the order in which they were added; one that cannot be read is left out and told of. */
  async all(onDamaged: (id: number, error: unknown) => void): Promise<Entry[]> {
    const rows = await this.#db.selectFrom('transfer').select(kept).orderBy('id').execute()
    return rows.flatMap(row => {
      try {
        return [readRow(row)]
      } catch (error) {
        onDamaged(row.id, error)
        return []
      }
    })
  }

  /** Adds one behind all others in the queue; where its info-hash is there already, answers that one. */
  async add(entry: NewEntry, material: EntryMaterial): Promise<Entry> {
    const { infoHash, origin, addedAt, name, labels, isPaused, limits, peers, source } = entry
    await this.#db
      .insertInto('transfer')
      .values({
        ...source,
        ...materialColumns(material),
        ...peersColumn(peers),
        name,
        info_hash: infoHash,
        origin,
        labels: JSON.stringify(labels),
        added_at: addedAt,
        done_at: null,
        is_paused: isPaused ? 1 : 0,
        queue_place: sql<number>`(select coalesce(max(queue_place), 0) + 1 from transfer)`,
        upload_limit: limits.upload ?? null,
        download_limit: limits.download ?? null,
        ratio_goal: null,
        seed_ms_goal: null,
        priorities: '',
        uploaded: 0,
        downloaded: 0,
        seeding_ms: 0,
      })
      .onConflict(conflict => conflict.column('info_hash').doNothing())
      .execute()
    const row = await this.#db
      .selectFrom('transfer')
      .select(kept)
      .where('info_hash', '=', infoHash)
      .executeTakeFirstOrThrow()
    return readRow(row)
  }

  /** What a transfer is begun with. */
  async material(id: number): Promise<EntryMaterial> {
    const row = await this.#db
      .selectFrom('transfer')
      .select(['torrent', 'sources'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    return readMaterial(row)
  }

  /** Of a share: the files that it was made of; none where it is not there any more. */
  async files(id: number): Promise<readonly SourceFile[]> {
    const row = await this.#db
      .selectFrom('transfer')
      .select('sources')
      .where('id', '=', id)
      .executeTakeFirst()
    return row ? readMaterial({ torrent: null, ...row }).files : []
  }

  async keepTorrent(id: number, torrent: Uint8Array): Promise<void> {
    await this.#db.updateTable('transfer').set({ torrent }).where('id', '=', id).execute()
  }

  async keepFiles(id: number, files: readonly SourceFile[]): Promise<void> {
    const { sources } = materialColumns({ torrent: undefined, files })
    await this.#db.updateTable('transfer').set({ sources }).where('id', '=', id).execute()
  }

  async change(id: number, change: EntryChange): Promise<void> {
    const columns = rowOf(change)
    if (Object.keys(columns).length === 0) return
    await this.#db.updateTable('transfer').set(columns).where('id', '=', id).execute()
  }

  /** Several at once, in one transaction. */
  async changeAll(changes: ReadonlyMap<number, EntryChange>): Promise<void> {
    await this.#db.transaction().execute(async transaction => {
      const store = new EntryStore(transaction)
      for (const [id, change] of changes) await store.change(id, change)
    })
  }

  async remove(id: number): Promise<void> {
    await this.#db.deleteFrom('transfer').where('id', '=', id).execute()
  }
}
