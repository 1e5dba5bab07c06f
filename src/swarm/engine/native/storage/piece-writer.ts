import { P2pShareError } from '../../../../core/index.ts'
import type { ChunkStore } from '../../../store/chunk-store.ts'

const retryMs = 2_000
/** More at once only wait for each other in the system. */
const maxWrites = 2
/** Pieces that follow each other are written together: a call costs more than a small one, and a file may lie in several. */
const maxRunBytes = 4 * 1024 * 1024

interface Write {
  readonly offset: number
  readonly bytes: Uint8Array
  readonly onWritten: () => void
}

export interface PieceWriterEvents {
  onStalled(error: P2pShareError): void
  onFlowing(): void
}

/**
 * Writes verified pieces to a torrent's store. One that cannot be written is kept and tried again every two seconds, and what
 * comes meanwhile waits behind it. How much can wait is bounded by the memory that pieces are gathered in.
 */
export class PieceWriter {
  readonly #store: ChunkStore
  readonly #events: PieceWriterEvents
  readonly #waiting: Write[] = []
  #running = 0
  #isStalled = false
  #isStopped = false
  #timer: NodeJS.Timeout | undefined
  #idle: PromiseWithResolvers<void> | undefined

  constructor(store: ChunkStore, events: PieceWriterEvents) {
    this.#store = store
    this.#events = events
  }

  write(offset: number, bytes: Uint8Array, onWritten: () => void): void {
    this.#waiting.push({ offset, bytes, onWritten })
    this.#pump()
  }

  /** Tries no failed write again, starts no other one, and waits for those under way. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    if (this.#running === 0) return
    this.#idle ??= Promise.withResolvers()
    await this.#idle.promise
  }

  #pump(): void {
    while (
      !this.#isStopped &&
      this.#waiting.length > 0 &&
      this.#running < (this.#isStalled ? 1 : maxWrites) &&
      this.#timer === undefined
    ) {
      void this.#run(this.#nextRun())
    }
  }

  /** The piece that waits longest and those right behind it; by itself after a failure, so that what still fits is written. */
  #nextRun(): Write[] {
    const first = this.#waiting.shift()!
    const run = [first]
    let bytes = first.bytes.length
    for (let next = this.#waiting[0]; next && !this.#isStalled; next = this.#waiting[0]) {
      if (next.offset !== first.offset + bytes || bytes + next.bytes.length > maxRunBytes) break
      run.push(next)
      bytes += next.bytes.length
      this.#waiting.shift()
    }
    return run
  }

  async #run(run: readonly Write[]): Promise<void> {
    this.#running++
    const parts = run.map(({ bytes }) => bytes)
    const failure = await this.#store.writeFrom(run[0]!.offset, parts).then(
      () => undefined,
      (error: unknown) => ({ error }),
    )
    this.#running--
    if (failure) this.#stall(run, failure.error)
    else this.#onWritten(run)
    if (this.#isStopped && this.#running === 0) this.#idle?.resolve()
    this.#pump()
  }

  #onWritten(run: readonly Write[]): void {
    if (this.#isStalled) {
      this.#isStalled = false
      this.#events.onFlowing()
    }
    for (const { onWritten } of run) onWritten()
  }

  #stall(run: readonly Write[], error: unknown): void {
    this.#waiting.unshift(...run)
    if (this.#timer === undefined && !this.#isStopped) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined
        this.#pump()
      }, retryMs)
      this.#timer.unref()
    }
    if (this.#isStalled) return
    this.#isStalled = true
    this.#events.onStalled(
      error instanceof P2pShareError
        ? error
        : new P2pShareError('ERR_CANNOT_WRITE', `A piece cannot be written: ${String(error)}`, {
            cause: error,
          }),
    )
  }
}
