import { type AbortOptions, P2pShareError, raceAbort } from '../../core/index.ts'
import { readRecordInBackground } from '../listing/record.ts'
import type { ApplyTarget } from './apply-records.ts'
import { type IndexedRecord, indexedRecord } from './indexed-record.ts'
import type { ListingStore } from './listing-store.ts'
import type { ApplyCounts } from './plan-records.ts'
import { type ReadLine, recordReaders } from './record-readers.ts'

/** What came of the lines; `refused` counts also those that are no record, or not signed by their publisher. */
export type ImportCounts = ApplyCounts

export interface ImportOptions extends ApplyTarget, AbortOptions {
  /** Called now and then with the lines that are done. */
  onProgress?: ((linesDone: number) => void) | undefined
  /** Called with each line that cannot be used, counted from 1. */
  onRefused?: ((error: unknown, line: number) => void) | undefined
}

/** Long enough that pages of indexes are written for many listings at once, short enough for others on this thread. */
const batchSize = 4_000
/** Lines that a thread is given at once. Fewer than that are read without threads of ours, which take a while to start. */
const orderLines = 500
/** Characters at which an order is full with fewer lines. */
const orderLength = 1_000_000
/** Enough that no thread is out of lines while a batch is written. */
const ordersPerThread = 4

/**
 * Takes signed records, a line each, into the database. They are read and verified on other threads while the lines before
 * are written; some thousands are held in memory. What was written stays where it is aborted or a later line cannot be read.
 */
export async function importRecords(
  lines: AsyncIterable<string> | Iterable<string>,
  store: ListingStore,
  options: ImportOptions,
): Promise<ImportCounts> {
  const running = new RunningImport(store, options)
  try {
    for await (const line of lines) await running.add(line)
    return await running.finish()
  } finally {
    await running.end()
  }
}

class RunningImport {
  readonly #store: ListingStore
  readonly #options: ImportOptions
  readonly #total: ImportCounts = { added: 0, replaced: 0, withdrawn: 0, unchanged: 0, refused: 0 }
  readonly #reading: Promise<readonly ReadLine[]>[] = []
  #importId: number | undefined
  #order: string[] = []
  #orderLength = 0
  #read: IndexedRecord[] = []
  #linesRead = 0
  /** Whether all that was read was written, so that every word that a thread told of is known. */
  #isAllWritten = true

  constructor(store: ListingStore, options: ImportOptions) {
    this.#store = store
    this.#options = options
  }

  async add(line: string): Promise<void> {
    this.#order.push(line)
    this.#orderLength += line.length
    if (this.#order.length < orderLines && this.#orderLength < orderLength) return
    this.#importId ??= recordReaders.begin()
    this.#send(recordReaders.read(this.#importId, this.#order))
    while (this.#reading.length >= ordersPerThread * recordReaders.threadCount) await this.#take()
  }

  async finish(): Promise<ImportCounts> {
    if (this.#order.length > 0)
      this.#send(
        this.#importId === undefined
          ? Promise.all(this.#order.map(readLine))
          : recordReaders.read(this.#importId, this.#order),
      )
    while (this.#reading.length > 0) await this.#take()
    await this.#write()
    return this.#total
  }

  async end(): Promise<void> {
    if (this.#importId !== undefined) await recordReaders.end()
  }

  #send(reading: Promise<readonly ReadLine[]>): void {
    // Whether it failed is asked when its turn comes, or never.
    reading.catch(() => {})
    this.#reading.push(reading)
    this.#order = []
    this.#orderLength = 0
  }

  async #take(): Promise<void> {
    for (const line of await raceAbort(this.#reading.shift()!, this.#options.signal)) {
      this.#linesRead++
      if ('record' in line) this.#read.push(line.record)
      else {
        this.#total.refused++
        this.#options.onRefused?.(line.error, this.#linesRead)
      }
    }
    if (this.#read.length >= batchSize) await this.#write()
  }

  async #write(): Promise<void> {
    const { signal, onProgress, onRefused, ...to } = this.#options
    signal?.throwIfAborted()
    const batch = this.#isAllWritten ? this.#read : this.#read.map(withoutNewWords)
    this.#read = []
    if (batch.length > 0) {
      const counts = await this.#store.applyIndexed(batch, to)
      for (const name of Object.keys(this.#total) as (keyof ImportCounts)[]) this.#total[name] += counts[name]
      this.#isAllWritten &&= counts.added === batch.length
    }
    onProgress?.(this.#linesRead)
  }
}

async function readLine(line: string): Promise<ReadLine> {
  try {
    return { record: indexedRecord(await readRecordInBackground(line)) }
  } catch (error) {
    if (error instanceof P2pShareError) return { error }
    throw error
  }
}

function withoutNewWords(record: IndexedRecord): IndexedRecord {
  return 'newWords' in record ? { ...record, newWords: undefined } : record
}
