import type { Hex, P2pShareError } from '../../core/index.ts'
import type { Transfer, TransferState } from '../../swarm/index.ts'
import type { Entry } from './entry.ts'

/**
 * As a transfer's own states, and `queued`: it waits for its turn; `resting`: it has given what it was to give; `starting`: the box
 * has not come to it yet.
 */
export type ItemState = TransferState | 'queued' | 'resting' | 'starting'

/** Why an item is kept from running, beside the transfer's own reasons. */
export type Hold = 'paused' | 'queued' | 'resting' | 'missing' | undefined

/** A transfer of the box: what is kept of it, and the one that runs. It decides nothing. */
export class Item {
  entry: Entry
  /** While it runs; `undefined` before its start and where that failed. */
  transfer: Transfer | undefined
  /** Why it could not be started. */
  problem: P2pShareError | undefined
  /** Why the place that it is shared from is not there. */
  missing: P2pShareError | undefined
  hold: Hold
  /** Since when it seeds, by the monotonic clock in milliseconds. */
  #seedingSinceMs: number | undefined

  constructor(entry: Entry) {
    this.entry = entry
    if (entry.isPaused) this.hold = 'paused'
  }

  get id(): number {
    return this.entry.id
  }

  get infoHash(): Hex {
    return this.entry.infoHash
  }

  get name(): string {
    return this.transfer?.name ?? this.entry.name
  }

  /**
   * The file or folder of this transfer and of nothing else; `undefined` until it is known, and where it was shared from several places.
   * Of copies that were made without their position it is what they were made of.
   */
  get path(): string | undefined {
    const { kind, path } = this.entry.source
    if (kind === 'share' && path !== '') return path
    const isScattered = kind === 'share' && this.transfer?.metainfo?.isAlbum
    return isScattered ? undefined : this.transfer?.path
  }

  get state(): ItemState {
    if (this.problem) return 'failed'
    if (!this.transfer) return this.hold ?? 'starting'
    const { state } = this.transfer
    return state === 'paused' && this.hold !== undefined ? this.hold : state
  }

  /** Why it does not run, where it was not held on purpose: a full disk, files that are gone, a fault. */
  get reason(): P2pShareError | undefined {
    if (this.problem) return this.problem
    if (this.hold === 'missing') return this.missing
    const state = this.transfer?.state
    const isStuck =
      state === 'missing' || state === 'failed' || (state === 'paused' && this.hold === undefined)
    return isStuck ? this.transfer?.stats().reason : undefined
  }

  get isDone(): boolean {
    return this.entry.doneAt !== undefined
  }

  /** Whether any byte of it is wanted, or there is none to want. */
  get hasWanted(): boolean {
    return (this.transfer?.stats().sizeBytes ?? 0) > 0 || this.transfer?.metainfo?.sizeBytes === 0
  }

  /** Bytes sent and received in all runs, and milliseconds of seeding. */
  totals(nowMs: number): Entry['before'] {
    const { uploaded, downloaded, seedingMs } = this.entry.before
    const stats = this.transfer?.stats()
    return {
      uploaded: uploaded + (stats?.uploadedBytes ?? 0),
      downloaded: downloaded + (stats?.downloadedBytes ?? 0),
      seedingMs: seedingMs + (this.#seedingSinceMs === undefined ? 0 : nowMs - this.#seedingSinceMs),
    }
  }

  onSeeding(isSeeding: boolean, nowMs: number): void {
    if (isSeeding) this.#seedingSinceMs ??= nowMs
    else this.#foldSeeding(nowMs)
  }

  /** The transfer has ended; what it gave and took counts on. */
  leave(nowMs: number): void {
    this.entry = { ...this.entry, before: this.totals(nowMs) }
    this.#seedingSinceMs = undefined
    this.transfer = undefined
    this.problem = undefined
  }

  #foldSeeding(nowMs: number): void {
    const { before } = this.entry
    const seedingMs =
      before.seedingMs + (this.#seedingSinceMs === undefined ? 0 : nowMs - this.#seedingSinceMs)
    this.entry = { ...this.entry, before: { ...before, seedingMs } }
    this.#seedingSinceMs = undefined
  }
}
