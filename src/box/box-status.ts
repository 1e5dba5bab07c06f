import { packageVersion } from '../core/index.ts'
import type { Swarm } from '../swarm/index.ts'
import type { Limits } from './current-limits.ts'
import { freeBytesAt } from './follow/disk-room.ts'
import type { ItemState } from './shelf/item.ts'
import type { Shelf } from './shelf/shelf.ts'
import type { UpkeepState } from './upkeep/upkeep-state.ts'

/** How a box is. Rates in bytes a second. */
export interface BoxStatus extends UpkeepState {
  readonly version: string
  readonly url: string
  readonly uptimeSeconds: number
  readonly transfers: number
  readonly states: Readonly<Partial<Record<ItemState, number>>>
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  readonly peers: number
  /** Where peers connect to. */
  readonly port: number
  /** `undefined` where the DHT is off. */
  readonly dhtNodes: number | undefined
  /** Where fetched transfers are put. */
  readonly downloads: string
  /** Of the disk of that folder; `undefined` where it cannot be told. */
  readonly freeBytes: number | undefined
  readonly uploadLimit: number | null
  readonly downloadLimit: number | null
}

export interface StatusParts {
  readonly shelf: Shelf
  readonly swarm: Swarm
  readonly url: string
  readonly uptimeMs: number
  readonly downloads: string
  readonly limits: Limits
  readonly upkeep: UpkeepState
}

export async function boxStatus(parts: StatusParts): Promise<BoxStatus> {
  const { shelf, swarm, url, uptimeMs, downloads, limits } = parts
  const states: Partial<Record<ItemState, number>> = {}
  const items = shelf.items()
  for (const { state } of items) states[state] = (states[state] ?? 0) + 1
  const { downloadBytesPerSecond, uploadBytesPerSecond, peers, port, dhtNodes } = swarm.stats()
  return {
    version: packageVersion(),
    url,
    uptimeSeconds: Math.round(uptimeMs / 1000),
    transfers: items.length,
    states,
    downloadBytesPerSecond: Math.round(downloadBytesPerSecond),
    uploadBytesPerSecond: Math.round(uploadBytesPerSecond),
    peers,
    port,
    dhtNodes,
    downloads,
    freeBytes: await freeBytesAt(downloads).catch(() => undefined),
    uploadLimit: limits.upload ?? null,
    downloadLimit: limits.download ?? null,
    ...parts.upkeep,
  }
}
