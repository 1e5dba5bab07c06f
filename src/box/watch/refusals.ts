import { P2pShareError } from '../../core/index.ts'
import type { Seen } from './seen.ts'
import { isOfTheFile } from './sharing.ts'

interface Refusal {
  /** What was tried, of what. */
  readonly word: string
  readonly error: unknown
  /** When it may be tried again just so. */
  readonly untilMs: number
}

/** What was tried in vain: not again before it is another, or, where the machine was at fault, before a while. */
export class Refusals {
  readonly #all = new Map<string, Refusal>()

  add(path: string, word: string, error: unknown, untilMs: number): void {
    const { code } = error as { code?: unknown }
    // It changes still: it is looked at until it does not.
    if (code === 'ERR_SOURCE_CHANGED' || code === 'ERR_PATH_NOT_FOUND') {
      this.forget(path)
      return
    }
    const isForGood = error instanceof P2pShareError && isOfTheFile(error)
    this.#all.set(path, { word, error, untilMs: isForGood ? Number.POSITIVE_INFINITY : untilMs })
  }

  /** When it may be tried again just so; `undefined` where it may be now. */
  untilMs(path: string, word: string, nowMs: number): number | undefined {
    const refusal = this.#all.get(path)
    return refusal?.word === word && nowMs < refusal.untilMs ? refusal.untilMs : undefined
  }

  errorOf(path: string): unknown {
    return this.#all.get(path)?.error
  }

  /** What was seen, unless it is a link that an earlier run could not use: it is tried once in each, to be told of until it is put right. */
  stillKnown(seen: Seen | undefined): Seen | undefined {
    const isUseless = seen?.kind === 'link' && seen.infoHash === ''
    return isUseless && !this.#all.has(seen.path) ? undefined : seen
  }

  forget(path: string): void {
    this.#all.delete(path)
  }
}
