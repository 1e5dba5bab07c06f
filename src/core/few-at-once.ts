/** As many as the system's calls have threads: of those more would only wait for each other. */
const usualLanes = 4

/**
 * Does something with each item, a few at once and begun in order. Where one fails no other is begun, and all that are under way
 * end before the first failure is told.
 *
 * @param lanes how many at once
 */
export async function fewAtOnce<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void> | undefined,
  lanes = usualLanes,
): Promise<void> {
  const left = items[Symbol.iterator]()
  const failures: unknown[] = []
  const lane = async () => {
    for (let next = left.next(); !next.done && failures.length === 0; next = left.next()) {
      try {
        await work(next.value)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  if (failures.length > 0) throw failures[0]
}
