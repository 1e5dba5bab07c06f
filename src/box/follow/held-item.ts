import type { Item } from '../shelf/item.ts'
import type { Mirrored } from './mirrored.ts'
import type { Held } from './plan.ts'

/** A transfer of the box as plans look at it: by its real size, as soon as that is known. */
export function heldItem(item: Item, mirrored: Mirrored): Held {
  const { id, infoHash, name, entry, transfer } = item
  const stats = transfer?.stats()
  const facts = mirrored.get(infoHash)
  // What was turned away for its size takes no room.
  const isRefused = item.state === 'failed' && facts?.isAdmitted === false
  const sizeBytes = isRefused ? 0 : stats?.sizeBytes || (facts?.sizeBytes ?? 0)
  const isToCome = entry.source.kind === 'get' && item.state !== 'failed'
  const haveBytes = stats && stats.sizeBytes > 0 ? stats.haveBytes : item.isDone ? sizeBytes : 0
  return {
    key: infoHash,
    id,
    name,
    sizeBytes,
    missingBytes: isToCome ? Math.max(sizeBytes - haveBytes, 0) : 0,
    origin: entry.origin,
  }
}
