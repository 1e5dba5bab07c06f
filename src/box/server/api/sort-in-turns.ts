import { setImmediate } from 'node:timers/promises'

/** What is compared in a millisecond or two. */
const atOnce = 1_000

/** Sorts as `toSorted` does, with pauses in which others come to their turn: to sort thousands of names takes a while. */
export async function sortInTurns<T>(
  items: readonly T[],
  compare: (one: T, other: T) => number,
): Promise<readonly T[]> {
  let runs: (readonly T[])[] = []
  for (let at = 0; at < items.length; at += atOnce) {
    if (at > 0) await setImmediate()
    runs.push(items.slice(at, at + atOnce).sort(compare))
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = []
    for (let at = 0; at < runs.length; at += 2)
      merged.push(await merge(runs[at]!, runs[at + 1] ?? [], compare))
    runs = merged
  }
  return runs[0] ?? []
}

/** Of two sorted ones; of equals those of `one` come first. */
async function merge<T>(
  one: readonly T[],
  other: readonly T[],
  compare: (one: T, other: T) => number,
): Promise<readonly T[]> {
  const merged: T[] = []
  for (let [left, right] = [0, 0]; left < one.length || right < other.length; ) {
    if (merged.length % atOnce === 0) await setImmediate()
    const takesOther = left === one.length || (right < other.length && compare(one[left]!, other[right]!) > 0)
    merged.push(takesOther ? other[right++]! : one[left++]!)
  }
  return merged
}
