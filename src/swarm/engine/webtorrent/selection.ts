import type { Bitfield } from '../../../core/index.ts'

/** Pieces from one to another, both of them in it. */
export type PieceRun = readonly [from: number, to: number]

const levels = [7, 6, 5, 4, 3, 2, 1]
const middleLevel = 4

/**
 * The wanted pieces in the order in which they are to be fetched, as runs: what readers wait for, then level by level.
 *
 * @param urgent wanted pieces, the most urgent first
 */
export function fetchingOrder(
  wanted: Bitfield,
  levelOf: Uint8Array | undefined,
  urgent: ReadonlySet<number>,
): PieceRun[] {
  const runs: PieceRun[] = []
  const add = (piece: number) => {
    const last = runs.at(-1)
    if (last && last[1] === piece - 1) runs[runs.length - 1] = [last[0], piece]
    else runs.push([piece, piece])
  }
  for (const piece of urgent) add(piece)
  for (const level of levelOf ? levels : [middleLevel]) {
    for (let piece = 0; piece < wanted.length; piece++) {
      if (!wanted.has(piece) || urgent.has(piece)) continue
      if (levelAt(levelOf, piece) === level) add(piece)
    }
  }
  return runs
}

function levelAt(levelOf: Uint8Array | undefined, piece: number): number {
  return Math.min(Math.max(levelOf?.[piece] ?? middleLevel, 1), 7)
}
