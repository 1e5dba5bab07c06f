import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { P2pShareError } from '../errors.ts'
import type { HashOrder, HashReply } from './hash-protocol.ts'
import type { HashJob, PieceHashes } from './piece-hasher.ts'
import { readFaultError } from './read-fault.ts'

/** A job on its way: `orders` are handed out as threads come free, `onHashed` is called for each, in any order. */
export interface PoolWork {
  readonly job: HashJob
  readonly orders: Iterator<Uint32Array>
  readonly onHashed: (hashes: PieceHashes) => void
}

interface Running extends PoolWork {
  readonly id: number
  readonly settled: PromiseWithResolvers<void>
  inFlight: number
  isHandedOut: boolean
}

interface Thread {
  readonly worker: Worker
  readonly jobs: Set<number>
  inFlight: number
}

const minThreads = 2
const maxThreads = 4
// The second order waits in the thread's queue, so that it never idles while the main thread is busy.
const ordersPerThread = 2
const idleMs = 1000
// What a thread makes is garbage at once: more room would only be filled before it is swept.
const resourceLimits = { maxYoungGenerationSizeMb: 4 }

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
  import.meta.url,
)

/**
 * The worker threads that hash, shared by all jobs of the process in turn, so that any number of jobs takes the same
 * memory. Started when first needed, ended when idle for a second; idle ones do not keep the process alive.
 */
export class HashPool {
  readonly #threadCount = Math.min(Math.max(availableParallelism(), minThreads), maxThreads)
  readonly #threads = new Set<Thread>()
  /** In the order of their next turn. */
  readonly #jobs = new Map<number, Running>()
  #nextId = 0
  #idleTimer: NodeJS.Timeout | undefined

  /** Starts the threads ahead of a job; they end again if none comes. */
  warmUp(): void {
    this.#startThreads()
    if (this.#jobs.size === 0) this.#endWhenIdle()
  }

  /**
   * Runs a job to its end.
   *
   * @throws {P2pShareError} `ERR_SOURCE_CHANGED`, `ERR_UNREADABLE_FILE`
   */
  async run(work: PoolWork, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const running: Running = {
      ...work,
      id: this.#nextId++,
      settled: Promise.withResolvers<void>(),
      inFlight: 0,
      isHandedOut: false,
    }
    const onAbort = () => running.settled.reject(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#jobs.set(running.id, running)
    try {
      this.#startThreads()
      for (const { worker } of this.#threads) worker.ref()
      this.#handOut()
      await running.settled.promise
    } finally {
      signal?.removeEventListener('abort', onAbort)
      await this.#forget(running, signal?.aborted === true)
    }
  }

  #startThreads(): void {
    clearTimeout(this.#idleTimer)
    while (this.#threads.size < this.#threadCount) {
      const worker = new Worker(workerUrl, { name: 'p2pshare-hash', execArgv: [], resourceLimits })
      const thread: Thread = { worker, jobs: new Set(), inFlight: 0 }
      worker.on('message', (reply: HashReply) => this.#onReply(thread, reply))
      worker.on('error', cause => this.#onBroken(thread, cause))
      this.#threads.add(thread)
    }
  }

  #handOut(): void {
    for (let round = 0; round < ordersPerThread; round++)
      for (const thread of this.#threads) if (thread.inFlight <= round) this.#giveOrder(thread)
  }

  #giveOrder(thread: Thread): void {
    for (const running of this.#jobs.values()) {
      const next = running.isHandedOut ? undefined : running.orders.next()
      if (!next || next.done) {
        running.isHandedOut = true
        this.#finishIfDone(running)
        continue
      }
      if (!thread.jobs.has(running.id)) {
        thread.jobs.add(running.id)
        this.#post(thread, { id: running.id, job: running.job })
      }
      this.#post(thread, { id: running.id, pieces: next.value })
      running.inFlight++
      thread.inFlight++
      this.#jobs.delete(running.id)
      this.#jobs.set(running.id, running)
      return
    }
  }

  #onReply(thread: Thread, reply: HashReply): void {
    thread.inFlight--
    const running = this.#jobs.get(reply.id)
    if (running) {
      running.inFlight--
      if (reply.fault) running.settled.reject(readFaultError(reply.fault))
      else if (reply.hashes) this.#accept(running, reply.hashes)
    }
    this.#giveOrder(thread)
    if (running) this.#finishIfDone(running)
  }

  #accept(running: Running, hashes: PieceHashes): void {
    try {
      running.onHashed(hashes)
    } catch (error) {
      running.settled.reject(error)
    }
  }

  #finishIfDone(running: Running): void {
    if (running.isHandedOut && running.inFlight === 0) running.settled.resolve()
  }

  async #forget(running: Running, endsThreads: boolean): Promise<void> {
    this.#jobs.delete(running.id)
    for (const thread of this.#threads)
      if (thread.jobs.delete(running.id)) this.#post(thread, { id: running.id, forget: true })
    if (this.#jobs.size > 0) return
    if (endsThreads) await this.#end()
    else this.#endWhenIdle()
  }

  #endWhenIdle(): void {
    for (const { worker } of this.#threads) worker.unref()
    clearTimeout(this.#idleTimer)
    this.#idleTimer = setTimeout(() => void this.#end(), idleMs)
    this.#idleTimer.unref()
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idleTimer)
    const ending = [...this.#threads]
    this.#threads.clear()
    await Promise.all(ending.map(({ worker }) => worker.terminate()))
  }

  #onBroken(thread: Thread, cause: unknown): void {
    this.#threads.delete(thread)
    for (const running of this.#jobs.values())
      if (thread.jobs.has(running.id) || this.#threads.size === 0)
        running.settled.reject(new P2pShareError('ERR_INTERNAL', 'A hashing thread broke down', { cause }))
  }

  #post(thread: Thread, order: HashOrder): void {
    thread.worker.postMessage(order)
  }
}
