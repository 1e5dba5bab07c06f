import { type Goals, hasGivenEnough } from './goals.ts'
import type { Hold, Item } from './item.ts'
import { type QueueLimits, waiting } from './queue.ts'

/** Holds back whose turn it is not, who is paused and who has given enough, and lets the others run. Answers those that changed. */
export function takeTurns(items: Iterable<Item>, limits: QueueLimits & Goals, nowMs: number): Item[] {
  const queued = Array.from(items, item => {
    const { id, entry, isDone } = item
    const isResting = isDone && isAtItsGoal(item, limits, nowMs)
    const isOut = entry.isPaused || isResting || (item.problem ?? item.missing) !== undefined
    return { item, isResting, id, place: entry.queuePlace, isDone, isOut }
  })
  const waits = waiting(queued, limits)
  const changed: Item[] = []
  for (const { item, isResting } of queued) {
    const isWaiting = waits.has(item.id)
    const hold: Hold = item.entry.isPaused
      ? 'paused'
      : item.missing
        ? 'missing'
        : isResting
          ? 'resting'
          : isWaiting
            ? 'queued'
            : undefined
    if (hold === item.hold) continue
    const wasHeld = item.hold !== undefined
    item.hold = hold
    if (hold && !wasHeld) item.transfer?.pause()
    else if (!hold) item.transfer?.resume()
    changed.push(item)
  }
  return changed
}

function isAtItsGoal(item: Item, settings: Goals, nowMs: number): boolean {
  const { goals } = item.entry
  if ((goals.ratio ?? settings.ratio) === 0 && (goals.seedMs ?? settings.seedMs) === 0) return false
  const sizeBytes = item.transfer?.stats().sizeBytes ?? 0
  return hasGivenEnough(goals, settings, { ...item.totals(nowMs), sizeBytes })
}
