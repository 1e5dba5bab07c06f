import type { AbortOptions } from '../../core/index.ts'
import { type CatalogRecord, readRecordInBackground } from '../listing/record.ts'
import type { ApplyTarget } from './apply-records.ts'
import type { ListingStore } from './listing-store.ts'
import type { ApplyCounts } from './plan-records.ts'

/** What came of the lines; `refused` counts also those that are no record, or not signed by their publisher. */
export type ImportCounts = ApplyCounts

export interface ImportOptions extends ApplyTarget, AbortOptions {
  /** Called now and then with the lines that are done. */
  onProgress?: ((linesDone: number) => void) | undefined
  /** Called with each line that cannot be used, counted from 1. */
  onRefused?: ((error: unknown, line: number) => void) | undefined
}

/** Long enough that pages of indexes are written for many listings at once, short enough for others on this thread. */
const batchSize = 2_000

/**
 * Takes signed records, a line each, into the database. Signatures are verified on other threads while the lines before are
 * written; two batches are held in memory. What was written stays where it is aborted or a later line cannot be read.
 */
export async function importRecords(
  lines: AsyncIterable<string> | Iterable<string>,
  store: ListingStore,
  { signal, onProgress, onRefused, ...to }: ImportOptions,
): Promise<ImportCounts> {
  const total: ImportCounts = { added: 0, replaced: 0, withdrawn: 0, unchanged: 0, refused: 0 }
  let linesRead = 0
  let linesDone = 0
  let reading: Promise<CatalogRecord | undefined>[] = []
  let read: Promise<(CatalogRecord | undefined)[]> = Promise.resolve([])
  const refuse = (error: unknown, line: number) => {
    total.refused++
    onRefused?.(error, line)
    return undefined
  }
  const write = async () => {
    const batch = await read
    signal?.throwIfAborted()
    read = Promise.all(reading)
    reading = []
    if (batch.length === 0) return
    const counts = await store.apply(
      batch.filter(record => record !== undefined),
      to,
    )
    for (const name of Object.keys(total) as (keyof ImportCounts)[]) total[name] += counts[name]
    linesDone += batch.length
    onProgress?.(linesDone)
  }
  for await (const line of lines) {
    const number = ++linesRead
    reading.push(readRecordInBackground(line).catch((error: unknown) => refuse(error, number)))
    if (reading.length >= batchSize) await write()
  }
  await write()
  await write()
  return total
}
