import type { NewEntry } from './entry.ts'
import { joinPeers } from './given-peers.ts'
import type { PutOptions } from './shelf-init.ts'

/** What is kept of a transfer that is put on the shelf, before it is known what it is. */
export function freshEntry(
  { origin, labels = [], isPaused = false, peers = [] }: PutOptions,
  addedAt: number,
): Omit<NewEntry, 'infoHash' | 'name' | 'source'> {
  const limits = { upload: undefined, download: undefined }
  return { origin, labels, isPaused, addedAt, limits, peers: joinPeers([], peers) }
}
