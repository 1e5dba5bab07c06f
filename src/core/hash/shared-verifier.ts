import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { P2pShareError } from '../errors.ts'
import type { PieceExpectation } from '../torrent/piece-hash.ts'
import type { VerifyBatch, VerifyOrder, VerifyReply } from './shared-verify-protocol.ts'
import { verifyPiece } from './verify-piece.ts'

/** Memory that threads share, known to them by its id. */
export interface SharedBytes {
  readonly id: number
  readonly memory: SharedArrayBuffer
}

interface Thread {
  readonly worker: Worker
  /** Whether it has said that it runs; a thread takes a while to start. */
  isRunning: boolean
  /** Buffers whose memory the worker has. */
  readonly known: Set<number>
  dropped: number[]
  /** Pieces that wait for the batches in flight. */
  waiting: { order: VerifyOrder; buffer: SharedBytes }[]
  batchesInFlight: number
}

interface Pending {
  readonly thread: Thread
  readonly onDone: (isIntact: boolean | undefined) => void
}

const maxThreads = 2
/** The second batch waits in the thread's queue, so that it never idles while the main thread is busy. */
const batchesPerThread = 2
const idleMs = 10_000
/** What takes some milliseconds to hash, where a thread takes tens of them to start and keeps a core from all else meanwhile. */
const maxBytesHere = 4 * 1024 * 1024
// What a thread makes is garbage at once: more room would only be filled before it is swept.
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './shared-verify-worker.ts' : './shared-verify-worker.js',
  import.meta.url,
)

/**
 * Hashes pieces in threads of their own, where they lie: only facts travel, never bytes. Pieces that come while a thread is
 * busy go to it together. Whoever waits for the first pieces does not wait for a thread to start: it does so once some megabytes
 * have been hashed on the caller's, where all but very long ones are hashed until it runs. Threads end after ten idle seconds.
 */
export class SharedVerifier {
  readonly #threads: Thread[] = []
  readonly #pending = new Map<number, Pending>()
  readonly #onBroken: (error: P2pShareError) => void
  #nextId = 0
  #bytesHere = 0
  #idleTimer: NodeJS.Timeout | undefined
  #isStopped = false
  /** Asked once: the system answers out of several files. */
  readonly #mostThreads = Math.max(1, Math.min(maxThreads, availableParallelism() - 1))

  /** @param onBroken called where a thread died, which only lack of memory can bring about */
  constructor(onBroken: (error: P2pShareError) => void) {
    this.#onBroken = onBroken
  }

  /**
   * Calls back, never before it returns, whether the first `length` bytes of the buffer are what was expected; `undefined` where its
   * thread broke down before it could tell.
   */
  verify(
    buffer: SharedBytes,
    length: number,
    expectation: PieceExpectation,
    onDone: (isIntact: boolean | undefined) => void,
  ): void {
    if (this.#isStopped) return
    clearTimeout(this.#idleTimer)
    if (length <= maxBytesHere && !this.#threads.some(({ isRunning }) => isRunning)) {
      this.#verifyHere(buffer, length, expectation, onDone)
      return
    }
    const thread = this.#leastBusy()
    const id = this.#nextId++
    this.#pending.set(id, { thread, onDone })
    thread.waiting.push({ order: { id, buffer: buffer.id, length, expectation }, buffer })
    this.#post(thread)
  }

  #verifyHere(...[{ memory }, length, expectation, onDone]: Parameters<SharedVerifier['verify']>): void {
    this.#bytesHere += length
    if (this.#bytesHere > maxBytesHere && this.#threads.length === 0) this.#startThread()
    if (this.#pending.size === 0) this.#endWhenIdle()
    // Before the next event, which may be hundreds of reads of a fast peer away.
    queueMicrotask(() => {
      if (!this.#isStopped) onDone(verifyPiece(Buffer.from(memory, 0, length), expectation))
    })
  }

  /** Lets the threads forget a buffer that will not come again. */
  forget(bufferId: number): void {
    for (const thread of this.#threads) if (thread.known.delete(bufferId)) thread.dropped.push(bufferId)
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    this.#pending.clear()
    await this.#endThreads()
  }

  #leastBusy(): Thread {
    let best = this.#threads[0]
    for (const thread of this.#threads) if (loadOf(thread) < loadOf(best!)) best = thread
    if (best && (loadOf(best) === 0 || this.#threads.length >= this.#mostThreads)) return best
    return this.#startThread()
  }

  #startThread(): Thread {
    const worker = new Worker(workerUrl, { name: 'p2pshare-verify', execArgv: [], resourceLimits })
    worker.unref()
    const thread: Thread = {
      worker,
      isRunning: false,
      known: new Set(),
      dropped: [],
      waiting: [],
      batchesInFlight: 0,
    }
    worker.once('message', () => {
      thread.isRunning = true
      worker.on('message', (replies: VerifyReply[]) => this.#onReplies(thread, replies))
    })
    worker.on('error', cause => this.#onThreadBroken(thread, cause))
    this.#threads.push(thread)
    return thread
  }

  #post(thread: Thread): void {
    if (thread.waiting.length === 0 || thread.batchesInFlight >= batchesPerThread) return
    const shared: VerifyBatch['shared'][number][] = []
    for (const { buffer } of thread.waiting) {
      if (thread.known.has(buffer.id)) continue
      thread.known.add(buffer.id)
      shared.push({ id: buffer.id, memory: buffer.memory })
    }
    const orders = thread.waiting.map(({ order }) => order)
    // A buffer may be forgotten while an order for it waits: the thread needs it that once more.
    const needed = new Set(orders.map(({ buffer }) => buffer))
    const dropped = thread.dropped.filter(id => !needed.has(id))
    const batch: VerifyBatch = { shared, dropped, orders }
    thread.waiting = []
    thread.dropped = thread.dropped.filter(id => needed.has(id))
    for (const id of thread.dropped) thread.known.delete(id)
    thread.batchesInFlight++
    thread.worker.postMessage(batch)
  }

  #onReplies(thread: Thread, replies: readonly VerifyReply[]): void {
    thread.batchesInFlight--
    this.#post(thread)
    for (const { id, isIntact } of replies) {
      const pending = this.#pending.get(id)
      this.#pending.delete(id)
      pending?.onDone(isIntact)
    }
    if (this.#pending.size === 0 && !this.#isStopped) this.#endWhenIdle()
  }

  #endWhenIdle(): void {
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => void this.#endThreads(), idleMs)
    this.#idleTimer.unref()
  }

  #onThreadBroken(thread: Thread, cause: unknown): void {
    this.#threads.splice(this.#threads.indexOf(thread), 1)
    this.#onBroken(new P2pShareError('ERR_INTERNAL', 'A verifying thread broke down', { cause }))
    for (const [id, pending] of this.#pending) {
      if (pending.thread !== thread) continue
      this.#pending.delete(id)
      pending.onDone(undefined)
    }
  }

  async #endThreads(): Promise<void> {
    clearTimeout(this.#idleTimer)
    this.#bytesHere = 0
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()))
  }
}

function loadOf({ waiting, batchesInFlight }: Thread): number {
  return waiting.length + batchesInFlight
}
