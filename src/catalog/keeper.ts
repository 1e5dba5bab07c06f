import { setTimeout as wait } from 'node:timers/promises'
import { type Identity, P2pShareError } from '../core/index.ts'
import { PointerKeeper, type SignedPointer, type Swarm, signPointer, type Transfer } from '../swarm/index.ts'
import type { CatalogRegistry, CatalogRow } from './catalog-registry.ts'
import type { Following, SyncResult } from './following.ts'
import { type OwnCatalogs, snapshotOf } from './own-catalogs.ts'

const lookEveryMs = 1_000
const syncedAtOnce = 4
const retryMs = 60_000

export interface KeeperInit {
  readonly registry: CatalogRegistry
  readonly own: OwnCatalogs
  readonly following: Following
  readonly swarm: Swarm
  readonly identity: Identity
  readonly pollEveryMs: number
  readonly now: () => Date
  /** Called with each catalog that was brought up to date. */
  readonly onSynced?: ((result: SyncResult) => void) | undefined
  /** Called where a catalog could not be kept up for now. */
  readonly onProblem?: ((catalog: CatalogRow, error: unknown) => void) | undefined
}

/** What is being done for one catalog. */
interface Kept {
  transfer: Transfer | undefined
  infoHash: string | null
  seededMs: number
  polledMs: number
  work: Promise<void> | undefined
}

/**
 * Keeps all catalogs of a database alive: writes the snapshots of own ones when something changed, seeds every snapshot,
 * puts every pointer into the DHT again and again, and looks for newer versions of those that are followed.
 */
export class CatalogKeeper {
  readonly #init: KeeperInit
  readonly #kept = new Map<number, Kept>()
  #working = 0
  #firstOwn: number | undefined

  constructor(init: KeeperInit) {
    this.#init = init
  }

  /** Goes on until the signal aborts, then stops the transfers that it began. */
  async run(signal: AbortSignal): Promise<void> {
    const { swarm, registry } = this.#init
    const pointers = new PointerKeeper({
      pointers: async () => (await registry.list()).flatMap(row => this.#pointersOf(row)),
      publish: (pointer, options) => swarm.publishPointer(pointer, options),
    })
    pointers.start()
    try {
      while (!signal.aborted) {
        const rows = await registry.list()
        this.#firstOwn = rows.find(row => this.#isOurs(row))?.number
        for (const row of rows) this.#look(row, signal)
        this.#forget(rows)
        await wait(lookEveryMs, undefined, { signal }).catch(() => {})
      }
    } finally {
      await pointers.stop()
      await Promise.all(
        this.#kept.values().map(async ({ work, transfer }) => {
          await work
          await transfer?.stop()
        }),
      )
    }
  }

  #look(row: CatalogRow, signal: AbortSignal): void {
    const kept = this.#kept.get(row.number) ?? {
      transfer: undefined,
      infoHash: null,
      seededMs: Number.NEGATIVE_INFINITY,
      polledMs: Number.NEGATIVE_INFINITY,
      work: undefined,
    }
    this.#kept.set(row.number, kept)
    if (kept.work || this.#working >= syncedAtOnce) return
    this.#working++
    kept.work = this.#keep(row, kept, signal)
      .catch((error: unknown) => this.#tell(row, error, signal))
      .finally(() => {
        this.#working--
        kept.work = undefined
      })
  }

  async #keep(row: CatalogRow, kept: Kept, signal: AbortSignal): Promise<void> {
    const { own, identity } = this.#init
    if (this.#isOurs(row) && (await own.isDue(row))) {
      await own.build(row, identity, { signal })
      const built = (await this.#init.registry.byNumber(row.number))!
      await this.#seed(built, kept, signal)
      for (const pointer of this.#pointersOf(built))
        await this.#init.swarm.publishPointer(pointer, { signal })
      return
    }
    if (row.info_hash !== kept.infoHash || isLost(kept)) await this.#seed(row, kept, signal)
    if (row.is_own === 0 && performance.now() - kept.polledMs > this.#init.pollEveryMs) {
      kept.polledMs = performance.now()
      await this.#poll(row, kept, signal)
    }
  }

  #isOurs(row: CatalogRow): boolean {
    return row.is_own === 1 && row.public_key === this.#init.identity.publicKey
  }

  /** Seeds the version that is here instead of the one before. */
  async #seed(row: CatalogRow, kept: Kept, signal: AbortSignal): Promise<void> {
    const { own, following, swarm } = this.#init
    const before = kept.transfer
    kept.infoHash = row.info_hash
    kept.seededMs = performance.now()
    kept.transfer = await (row.is_own
      ? own.seed(row, swarm, { signal })
      : following.reseed(row, swarm, { signal }))
    if (before !== kept.transfer) await before?.stop()
  }

  async #poll(row: CatalogRow, kept: Kept, signal: AbortSignal): Promise<void> {
    const { following, swarm, onSynced } = this.#init
    const source = await following.locate(row, swarm, { signal })
    const { result, transfer } = await following.bring(row, source, swarm, { signal })
    if (transfer) {
      await kept.transfer?.stop()
      kept.transfer = transfer
      kept.infoHash = source.pointer.infoHash
      await swarm.publishPointer(source.pointer, { signal })
    }
    onSynced?.(result)
  }

  async #tell(row: CatalogRow, error: unknown, signal: AbortSignal): Promise<void> {
    // Another process is at it, and does what there is to do.
    const isElsewhere = error instanceof P2pShareError && error.code === 'ERR_HOME_LOCKED'
    if (signal.aborted || isElsewhere) return
    const problem = error instanceof Error ? error.message : String(error)
    await this.#init.registry.update(row.number, { problem: problem.slice(0, 1_000) }).catch(() => {})
    this.#init.onProblem?.(row, error)
  }

  /** What has to be in the DHT for a catalog: under a key alone the first of the catalogs that are made here is found. */
  #pointersOf(row: CatalogRow): SignedPointer[] {
    if (!row.pointer_value || !row.torrent) return []
    const { pointer } = snapshotOf(row)
    const { identity } = this.#init
    const isFirst = row.number === this.#firstOwn
    return isFirst ? [pointer, signPointer({ ...pointer, salt: '' }, identity)] : [pointer]
  }

  #forget(rows: readonly CatalogRow[]): void {
    const present = new Set(rows.map(({ number }) => number))
    for (const [number, { transfer }] of this.#kept) {
      if (present.has(number)) continue
      this.#kept.delete(number)
      void transfer?.stop()
    }
  }
}

/** Whether a transfer ended by itself, such as where another process held its files, and may be tried again. */
function isLost({ transfer, seededMs }: Kept): boolean {
  return transfer?.state === 'failed' && performance.now() - seededMs > retryMs
}
