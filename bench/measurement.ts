/** One figure of one client, from as many runs as there are samples. */
export interface Measurement {
  /** What was measured, the same for all clients: `transfer of 1 GiB`. */
  readonly name: string
  /** `p2pshare`, or who it is measured beside. */
  readonly client: string
  readonly unit:
    | 'MB/s'
    | 'ms'
    | 's'
    | 'CPU s'
    | 'MB'
    | 'listings/s'
    | 'bytes a listing'
    | 'KiB'
    | 'requests/s'
    | 'cores'
    | '%'
    | '×'
    | ''
  readonly median: number
  readonly min: number
  readonly max: number
  readonly samples: readonly number[]
  /** What it should be, where something is aimed at. */
  readonly aim?: Aim
}

/** Bounds that a figure should keep, judged by the median of its samples unless `by` says by the largest. */
export interface Aim {
  readonly atLeast?: number
  readonly atMost?: number
  readonly by?: 'max'
}

/** What every measurement is called with. */
export interface BenchOptions {
  /** Small data and one run: shows that it works, not how fast. */
  readonly quick: boolean
  /** Takes note of a part that failed, and that is left out. */
  readonly onFailure: (part: string, error: unknown) => void
}

/** Sums up the samples of several runs. */
export function measurement(
  name: string,
  client: string,
  unit: Measurement['unit'],
  samples: readonly number[],
  aim?: Aim,
): Measurement {
  const sorted = [...samples].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
  return { name, client, unit, median, min: sorted[0]!, max: sorted.at(-1)!, samples, ...(aim && { aim }) }
}
