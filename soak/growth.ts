/** What was in use at one moment. */
export interface Sample {
  readonly minutes: number
  readonly memoryBytes: number
  readonly handles: number
  /** What else is to be shown. */
  readonly note: string
}

const mebibyte = 1024 * 1024
/** Growth that is noise, however small the base. */
const spareBytes = 24 * mebibyte
const spareShare = 0.15
const spareHandles = 10

/** Prints one line of the table that a soak writes as it goes. */
export function printSample({ minutes, memoryBytes, handles, note }: Sample): void {
  const cells = [
    `${minutes.toFixed(1)} min`.padStart(9),
    `${(memoryBytes / mebibyte).toFixed(1)} MiB`.padStart(11),
    `${handles} handles`.padStart(12),
  ]
  console.log(`${cells.join('  ')}  ${note}`)
}

/**
 * Says what grew: compares the end with the time after the beginning, when caches are warm. Both are medians of a fifth of the
 * samples; fewer than ten say nothing.
 */
export function growthIn(samples: readonly Sample[]): string | undefined {
  if (samples.length < 10) return undefined
  const fifth = Math.floor(samples.length / 5)
  const warm = samples.slice(fifth, 2 * fifth)
  const last = samples.slice(-fifth)
  const [memory, memoryThen] = [last, warm].map(part => median(part.map(({ memoryBytes }) => memoryBytes)))
  const [handles, handlesThen] = [last, warm].map(part => median(part.map(one => one.handles)))
  if (memory! > memoryThen! * (1 + spareShare) + spareBytes)
    return `memory grew from ${Math.round(memoryThen! / mebibyte)} to ${Math.round(memory! / mebibyte)} MiB`
  if (handles! > handlesThen! + spareHandles) return `handles grew from ${handlesThen} to ${handles}`
  return undefined
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!
}
