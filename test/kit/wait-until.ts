import { setTimeout as delay } from 'node:timers/promises'
import { inspect } from 'node:util'

export interface WaitOptions {
  /** @default 30_000 */
  timeoutMs?: number
  /** Pause between two looks. @default 20 */
  intervalMs?: number
  /** What to show of the state when the time is over, beside what the last look gave. */
  state?: () => unknown
}

/**
 * Looks again and again until `look` gives something truthy, and answers that.
 *
 * @throws {Error} at the deadline, with what the last look gave or threw
 */
export async function waitUntil<T>(
  what: string,
  look: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const { timeoutMs = 30_000, intervalMs = 20, state } = options
  const deadline = performance.now() + timeoutMs
  let last: unknown
  do {
    try {
      const seen = await look()
      if (seen) return seen as NonNullable<Exclude<T, false>>
      last = seen
    } catch (error) {
      last = error
    }
    await delay(intervalMs)
  } while (performance.now() < deadline)
  const shown = [last, ...(state ? [await state()] : [])].map(value => inspect(value, { depth: 4 }))
  throw new Error(`Waited ${timeoutMs} ms in vain until ${what}; last seen: ${shown.join('; ')}`)
}
