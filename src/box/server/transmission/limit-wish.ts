import type { Params } from './params.ts'
import type { RememberedAmounts } from './remembered-amounts.ts'

const kiloByte = 1_000
const mostKiloBytes = 1_000_000_000
/** What Transmission has where nobody ever said a limit. */
const usualKiloBytes = 100

/** A limit as clients set it: how much, and whether it holds, at once or one by one. */
export interface LimitWish {
  readonly kiloBytes: number | undefined
  readonly isOn: boolean | undefined
}

/** `undefined` where neither is said. */
export function readLimitWish(params: Params, amount: string, isOn: string): LimitWish | undefined {
  const wish = { kiloBytes: params.number(amount), isOn: params.flag(isOn) }
  return wish.kiloBytes === undefined && wish.isOn === undefined ? undefined : wish
}

/**
 * The limit after a wish, in bytes a second; `undefined` is none.
 *
 * @param of whose it is
 * @param now the limit that holds
 */
export function limitAfter(
  wish: LimitWish,
  direction: 'upload' | 'download',
  { of, now, memory }: { of: object; now: number | undefined; memory: RememberedAmounts },
): number | undefined {
  const before = memory.get(of, direction) ?? (now === undefined ? usualKiloBytes : now / kiloByte)
  const kiloBytes = Math.max(0, Math.min(wish.kiloBytes ?? before, mostKiloBytes))
  memory.set(of, direction, kiloBytes)
  // The box has no limit of nothing at all; one byte a second comes near.
  return (wish.isOn ?? now !== undefined) ? Math.max(1, Math.round(kiloBytes * kiloByte)) : undefined
}
