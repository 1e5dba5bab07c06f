import type { Expression } from './expression.ts'

/** Keys from `from` on and below `below`. */
export interface KeyRange {
  readonly from?: number | undefined
  readonly below?: number | undefined
}

/** Matches of words in the order of their keys. */
export interface Matches {
  readonly keys: readonly number[]
  /** Whether there are no others. */
  readonly isComplete: boolean
}

/** Finds listings by their words, in the way of one database. */
export interface WordIndex {
  /**
   * The newest matches, or the oldest ones.
   *
   * @param wanted matches that are needed
   * @param most matches that are welcome where they cost little
   * @param enough matches with which one can do where it takes long; SQLite alone asks
   */
  matches(
    expression: Expression,
    range: KeyRange,
    order: 'newest' | 'oldest',
    wanted: number,
    most?: number,
    enough?: number,
  ): Promise<Matches>
  /** Which of these keys match; some thousands at most. */
  among(expression: Expression, keys: readonly number[]): Promise<number[]>
}
