import { type Goals, hasGivenEnough } from './goals.ts'
import type { Hold, Item } from './item.ts'
import { type Queued, type QueueLimits, waiting } from './queue.ts'
import { Rounds } from './rounds.ts'
import { StalledFetches } from './stalled-fetches.ts'

export interface QueueTurnsInit {
  readonly items: () => readonly Item[]
  readonly limits: () => QueueLimits & Goals
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number
  /** Its hold is another one now. */
  readonly onChanged: (item: Item) => void
}

const lookEveryMs = 5_000
/** Of many thousands a part is looked at each time, and all of them within a minute. */
const looksPerRound = 12
const looksAtLeast = 1_000
/** A look at all that takes longer is not begun anew before nine times as long has passed. */
const freeMs = 0.5
const pause = 9

/**
 * Holds back whose turn it is not, who is paused and who has given enough, and lets the others run. What changed is looked at by itself;
 * all are looked at together only where the queue lets so many run, and then for a tenth of the time at most.
 */
export class QueueTurns {
  readonly #init: QueueTurnsInit
  readonly #rounds: Rounds<Item>
  readonly #stalled = new StalledFetches()
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #notBeforeMs = 0
  #isLooking = false
  #isStopped = false

  constructor(init: QueueTurnsInit) {
    this.#init = init
    this.#rounds = new Rounds(init.items)
  }

  /** Looks from now on, now and then, who has given enough, and who gets nothing. */
  start(): void {
    if (this.#isStopped) return
    this.#timer = setInterval(() => {
      this.lookAtGoals()
      this.lookAtStalled()
    }, lookEveryMs).unref()
  }

  stop(): void {
    this.#isStopped = true
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
  }

  /** Something is other than it was with these, or some have gone: whom else that concerns is looked at too, in a moment at the latest. */
  look(changed: Iterable<Item>): void {
    if (this.#isStopped) return
    const { limits, nowMs } = this.#init
    const isQueue = limits().downloads > 0 || limits().seeds > 0
    // Some change as they are looked at, such as those whose files are gone: whom that concerns is looked at after.
    if (isQueue && !this.#isLooking && performance.now() >= this.#notBeforeMs) {
      this.lookAtAll()
      return
    }
    for (const item of changed)
      this.#set(item, ownHold(item, limits(), nowMs()) ?? stillQueued(item, isQueue))
    if (isQueue)
      this.#soon ??= setTimeout(
        () => this.lookAtAll(),
        Math.max(0, this.#notBeforeMs - performance.now()),
      ).unref()
  }

  lookAtAll(): void {
    if (this.#isStopped) return
    clearTimeout(this.#soon)
    this.#soon = undefined
    const beganMs = performance.now()
    const items = this.#init.items()
    const limits = this.#init.limits()
    const own = items.map(item => ownHold(item, limits, this.#init.nowMs()))
    const line = items.filter(
      ({ isDone }, index) => !own[index] && (isDone ? limits.seeds : limits.downloads) > 0,
    )
    const waits = waiting(
      line.map(item => this.#queued(item)),
      limits,
    )
    this.#isLooking = true
    for (const [index, item] of items.entries())
      this.#set(item, own[index] ?? (waits.has(item.id) ? 'queued' : undefined))
    this.#isLooking = false
    const tookMs = performance.now() - beganMs
    this.#notBeforeMs = tookMs > freeMs ? performance.now() + pause * tookMs : 0
  }

  /** Some of those that have a goal may have reached it. */
  lookAtGoals(): void {
    const { limits, nowMs } = this.#init
    const looked = this.#rounds.next(looksPerRound, looksAtLeast)
    const changed = looked.filter(
      item => (item.hold === 'resting') !== (ownHold(item, limits(), nowMs()) === 'resting'),
    )
    if (changed.length > 0) this.look(changed)
  }

  /** Who gets nothing for a while runs on, but takes nobody's turn. */
  lookAtStalled(): void {
    const { limits, items, nowMs } = this.#init
    if (limits().downloads === 0) return
    const changed = this.#stalled.look(items(), nowMs())
    if (changed.length > 0) this.look(changed)
  }

  #queued(item: Item): Queued {
    const { id, entry, isDone, problem, transfer } = item
    // What cannot run takes nobody's turn.
    const isOff = problem !== undefined || transfer?.state === 'failed' || transfer?.state === 'missing'
    return { id, place: entry.queuePlace, isDone, isOut: isOff || this.#stalled.has(item) }
  }

  #set(item: Item, hold: Hold): void {
    if (hold === item.hold) return
    const wasHeld = item.hold !== undefined
    item.hold = hold
    if (hold && !wasHeld) item.transfer?.pause()
    else if (!hold) item.transfer?.resume()
    this.#init.onChanged(item)
  }
}

/** Why it is held back whatever the queue says. */
function ownHold(item: Item, limits: Goals, nowMs: number): Hold {
  if (item.entry.isPaused) return 'paused'
  if (item.missing) return 'missing'
  return item.isDone && isAtItsGoal(item, limits, nowMs) ? 'resting' : undefined
}

/** Until all are looked at, who waited goes on to wait, and who was held for another reason waits from now on. */
function stillQueued({ hold }: Item, isQueue: boolean): Hold {
  return isQueue && hold !== undefined ? 'queued' : undefined
}

function isAtItsGoal(item: Item, settings: Goals, nowMs: number): boolean {
  const { goals } = item.entry
  if ((goals.ratio ?? settings.ratio) === 0 && (goals.seedMs ?? settings.seedMs) === 0) return false
  const sizeBytes = item.transfer?.stats().sizeBytes ?? 0
  return hasGivenEnough(goals, settings, { ...item.totals(nowMs), sizeBytes })
}
