import { raceAbort } from '../../../core/index.ts'
import { HttpError, type SlowRun, type WorkProgress } from '../../../http/index.ts'

/** Why work came to nothing, as a problem document tells it. */
export interface WorkProblem {
  readonly status: number
  readonly detail: string
  readonly code?: string | undefined
}

/** Work that nobody waits for. */
export interface Work {
  /** From 1, never given twice in a run of the box. */
  readonly id: number
  /** The operation that began it. */
  readonly operation: string
  readonly state: 'running' | 'done' | 'failed'
  readonly startedAt: Date
  readonly endedAt: Date | undefined
  readonly progress: WorkProgress | undefined
  /** What the operation would have answered. */
  readonly result: unknown
  readonly problem: WorkProblem | undefined
}

export interface WorksInit {
  readonly problemOf: (error: unknown) => WorkProblem
  /** Told of what failed: maybe nobody looks after it any more. */
  readonly onProblem: (what: string, error: unknown) => void
  /** @default 16 */
  readonly mostRunning?: number | undefined
  /** Of more, those that ended first are forgotten. @default 100 */
  readonly mostKept?: number | undefined
}

interface Kept {
  work: Work
  readonly ended: Promise<void>
}

/** Does work that takes long for clients that do not wait, and remembers what came of it. */
export class Works {
  readonly #init: WorksInit
  readonly #kept = new Map<number, Kept>()
  #lastId = 0

  constructor(init: WorksInit) {
    this.#init = init
  }

  list(): readonly Work[] {
    return Array.from(this.#kept.values(), ({ work }) => work)
  }

  /** @throws {HttpError} 429 where too much is under way */
  begin(operation: string, run: SlowRun): Work {
    const { mostRunning = 16, mostKept = 100 } = this.#init
    const ended = this.list().filter(({ state }) => state !== 'running')
    if (this.#kept.size - ended.length >= mostRunning)
      throw new HttpError(429, `${mostRunning} are worked on already: wait until one of them is done.`, {
        'retry-after': '10',
      })
    // They stand in the order in which they began; those that ended go first all the same.
    for (const { id } of ended.slice(0, Math.max(0, this.#kept.size + 1 - mostKept))) this.#kept.delete(id)
    const id = ++this.#lastId
    const change = (changed: Partial<Work>) => {
      kept.work = { ...kept.work, ...changed }
    }
    const work: Work = {
      ...{ id, operation, state: 'running', startedAt: new Date() },
      ...{ endedAt: undefined, progress: undefined, result: undefined, problem: undefined },
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    const kept: Kept = { work, ended: promise }
    this.#kept.set(id, kept)
    void run(progress => change({ progress }))
      .then(
        result => change({ state: 'done', result }),
        error => {
          change({ state: 'failed', problem: this.#init.problemOf(error) })
          this.#init.onProblem(`Work ${id} (${operation}) failed`, error)
        },
      )
      .finally(() => {
        change({ endedAt: new Date() })
        resolve()
      })
    return kept.work
  }

  /**
   * Work as it is, or as it is once it ended if that is within the time.
   *
   * @throws {HttpError} 404
   */
  async find(id: number, waitMs = 0, signal?: AbortSignal): Promise<Work> {
    const kept = this.#kept.get(id)
    if (!kept) throw new HttpError(404, `There is no work ${id}, or it ended long ago.`)
    if (waitMs > 0 && kept.work.state === 'running') await endedWithin(kept.ended, waitMs, signal)
    return kept.work
  }
}

/** Resolves once it ended, after the time, or when nobody waits any more. */
async function endedWithin(ended: Promise<void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await raceAbort(Promise.race([ended, late]), signal).catch(() => {})
  clearTimeout(timer)
}
