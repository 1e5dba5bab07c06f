import type { NewEntry } from './entry.ts'
import { joinPeers } from './given-peers.ts'
import type { PutOptions } from './shelf-init.ts'

/** What is kept of a transfer that is put on the shelf. */
export function freshEntry(
  what: Pick<NewEntry, 'infoHash' | 'name' | 'source'>,
  { origin, labels = [], isPaused = false, peers = [] }: PutOptions,
  addedAt: number,
): NewEntry {
  const limits = { upload: undefined, download: undefined }
  return { ...what, origin, labels, isPaused, addedAt, limits, peers: joinPeers([], peers) }
}
