/** What the queue looks at of a transfer. */
export interface Queued {
  readonly id: number
  readonly place: number
  readonly isDone: boolean
  /** Paused, at rest, failed, or without anybody to fetch from: it takes no turn. */
  readonly isOut: boolean
}

export interface QueueLimits {
  /** How many may fetch at a time; 0 is without limit. */
  readonly downloads: number
  /** How many may seed at a time; 0 is without limit. */
  readonly seeds: number
}

/** The ids of those that have to wait: whoever stands first goes first, fetching and seeding apart. */
export function waiting(all: Iterable<Queued>, { downloads, seeds }: QueueLimits): ReadonlySet<number> {
  const waits = new Set<number>()
  if (downloads === 0 && seeds === 0) return waits
  const inLine = [...all].filter(({ isOut }) => !isOut).sort((one, other) => one.place - other.place)
  let [fetching, seeding] = [0, 0]
  for (const { id, isDone } of inLine) {
    const [limit, running] = isDone ? [seeds, ++seeding] : [downloads, ++fetching]
    if (limit > 0 && running > limit) waits.add(id)
  }
  return waits
}
