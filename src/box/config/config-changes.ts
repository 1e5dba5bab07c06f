import { isDeepStrictEqual } from 'node:util'
import type { BoxConfig } from './box-config.ts'

/** Tables that are looked at when the box starts, and not again. */
const atStart = ['server', 'network'] as const

/** The settings that are others now and hold only once the box is started anew: `server.listen`. */
export function changesForNextStart(before: BoxConfig, after: BoxConfig): string[] {
  return atStart.flatMap(table => {
    const [old, now] = [before[table], after[table]] as Record<string, unknown>[]
    const keys = new Set([...Object.keys(old!), ...Object.keys(now!)])
    return [...keys].filter(key => !isDeepStrictEqual(old![key], now![key])).map(key => `${table}.${key}`)
  })
}
