import { dirname } from 'node:path'
import type { AddedTransfer } from '../box/index.ts'
import { visibleName } from '../core/index.ts'
import type { Printer } from './printer.ts'

/** What somebody asked for beside the transfer itself. */
interface Asked {
  readonly labels?: readonly string[] | undefined
  readonly peers?: readonly string[] | undefined
  /** Absolute. */
  readonly folder?: string | undefined
  readonly isPaused?: boolean | undefined
}

/** Says of what is added to the box that it was there already, and which wishes change nothing of it. */
export function tellKnown(
  { id, name, isNew, path, state }: AddedTransfer,
  { labels, peers, folder, isPaused }: Asked,
  printer: Printer,
): void {
  if (isNew) return
  const given = [...(labels ? ['labels'] : []), ...(peers ? ['peers'] : [])].join(' and ')
  const rest = given === '' ? '' : `: it is given the ${given}, and is else as it was`
  printer.note(`${visibleName(name)} was there already${rest}`)
  if (folder !== undefined && (path === undefined || dirname(path) !== folder)) {
    const where = path === undefined ? `is not put into ${folder}` : `stays in ${dirname(path)}`
    printer.note(`It ${visibleName(where)}: p2pshare box move ${id} puts it elsewhere`)
  }
  if (isPaused && state !== 'paused') printer.note(`It is not paused: p2pshare box pause ${id} does that`)
}
