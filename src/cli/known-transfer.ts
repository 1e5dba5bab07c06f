import { dirname } from 'node:path'
import type { AddedTransfer } from '../box/index.ts'
import { visibleName } from '../core/index.ts'
import type { Printer } from './printer.ts'

/** What somebody asked for beside the transfer itself, which one that was there already is not given. */
interface Asked {
  /** Absolute. */
  readonly folder?: string | undefined
  readonly isPaused?: boolean | undefined
}

/** Says of what is added to the box that it was there already, and which wishes change nothing of it. */
export function tellKnown(
  { id, name, isNew, path, state }: AddedTransfer,
  { folder, isPaused }: Asked,
  printer: Printer,
): void {
  if (isNew) return
  printer.note(
    `${visibleName(name)} was there already: it is given the labels and peers, and is else as it was`,
  )
  if (folder !== undefined && (path === undefined || dirname(path) !== folder)) {
    const where = path === undefined ? 'is not put there' : `stays in ${visibleName(dirname(path))}`
    printer.note(`It ${where}: p2pshare box move ${id} puts it elsewhere`)
  }
  if (isPaused && state !== 'paused') printer.note(`It is not paused: p2pshare box pause ${id} does that`)
}
