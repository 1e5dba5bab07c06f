import type { Item } from '../shelf/item.ts'

/** Something that keeps transfers from running, for a person. */
export interface Trouble {
  readonly code: string
  readonly message: string
  /** How many it holds up. */
  readonly transfers: number
}

const maxTroubles = 20

/** What keeps transfers from running that nobody wanted: a full disk, a folder that is gone. Each is told once, the widest first. */
export function troublesOf(items: Iterable<Item>): Trouble[] {
  const troubles = new Map<string, Trouble>()
  for (const item of items) {
    const error = item.reason
    if (!error) continue
    const transfers = (troubles.get(error.message)?.transfers ?? 0) + 1
    troubles.set(error.message, { code: error.code, message: error.message, transfers })
  }
  return [...troubles.values()].sort((one, other) => other.transfers - one.transfers).slice(0, maxTroubles)
}
