import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { type ErrorCode, P2pShareError } from '../../core/index.ts'
import type { IndexedRecord } from './indexed-record.ts'
import type { ReadOrder, ReadReply } from './reader-protocol.ts'

/** What a line was read as, or why it was refused. */
export type ReadLine = { readonly record: IndexedRecord } | { readonly error: P2pShareError }

type Waiting = PromiseWithResolvers<ReadReply>

interface Thread {
  readonly worker: Worker
  readonly waiting: Map<number, Waiting>
}

const minThreads = 2
const maxThreads = 4
const idleMs = 1_000
const resourceLimits = { maxYoungGenerationSizeMb: 16 }

const workerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './reader-worker.ts' : './reader-worker.js',
  import.meta.url,
)

/**
 * The threads that read records and verify their signatures, shared by all imports of the process. Started when first
 * needed, ended when idle for a second, or at once where an import ends before its lines are read.
 */
class RecordReaders {
  readonly threadCount = Math.min(Math.max(availableParallelism(), minThreads), maxThreads)
  readonly #threads = new Set<Thread>()
  #lastId = 0
  #imports = 0
  #idleTimer: NodeJS.Timeout | undefined

  /** Begins an import; answers what names it. */
  begin(): number {
    clearTimeout(this.#idleTimer)
    this.#imports++
    for (const { worker } of this.#threads) worker.ref()
    return ++this.#lastId
  }

  /** Ends an import. */
  async end(): Promise<void> {
    if (--this.#imports > 0) return
    if ([...this.#threads].some(({ waiting }) => waiting.size > 0)) return this.#endThreads()
    for (const { worker } of this.#threads) worker.unref()
    this.#idleTimer = setTimeout(() => void this.#endThreads(), idleMs)
    this.#idleTimer.unref()
  }

  /**
   * Reads lines on the thread that has the least to do; of one import some thousands at once.
   *
   * @throws {P2pShareError} `ERR_INTERNAL` where a thread broke down
   */
  async read(importId: number, lines: readonly string[]): Promise<ReadLine[]> {
    while (this.#threads.size < this.threadCount) this.#start()
    const [thread] = [...this.#threads].sort((one, other) => one.waiting.size - other.waiting.size)
    const order: ReadOrder = { id: ++this.#lastId, importId, lines }
    const reply = Promise.withResolvers<ReadReply>()
    thread!.waiting.set(order.id, reply)
    thread!.worker.postMessage(order)
    const { read } = await reply.promise
    return read.map((line, index) =>
      'fault' in line
        ? { error: new P2pShareError(line.fault.code as ErrorCode, line.fault.message) }
        : { record: Object.assign(line, { json: lines[index]! }) as IndexedRecord },
    )
  }

  #start(): void {
    const worker = new Worker(workerUrl, { name: 'p2pshare-records', execArgv: [], resourceLimits })
    const thread: Thread = { worker, waiting: new Map() }
    worker.on('message', (reply: ReadReply) => {
      thread.waiting.get(reply.id)?.resolve(reply)
      thread.waiting.delete(reply.id)
    })
    worker.on('error', cause => this.#drop(thread, cause))
    worker.on('exit', () => this.#drop(thread, undefined))
    this.#threads.add(thread)
  }

  #drop(thread: Thread, cause: unknown): void {
    this.#threads.delete(thread)
    for (const { reject } of thread.waiting.values())
      reject(new P2pShareError('ERR_INTERNAL', 'A thread that reads records broke down', { cause }))
    thread.waiting.clear()
  }

  async #endThreads(): Promise<void> {
    const ending = [...this.#threads]
    this.#threads.clear()
    await Promise.all(ending.map(({ worker }) => worker.terminate()))
  }
}

export const recordReaders = new RecordReaders()
