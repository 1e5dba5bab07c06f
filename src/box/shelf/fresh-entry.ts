import type { NewEntry } from './entry.ts'
import type { PutOptions } from './shelf-init.ts'

/** What is kept of a transfer that is put on the shelf, before it is known what it is. */
export function freshEntry(
  { origin, labels = [], isPaused = false }: PutOptions,
  addedAt: number,
): Omit<NewEntry, 'infoHash' | 'name' | 'source'> {
  return { origin, labels, isPaused, addedAt, limits: { upload: undefined, download: undefined } }
}
