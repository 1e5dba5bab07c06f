import { P2pShareError, selectFiles } from '../../core/index.ts'
import type { Transfer } from '../../swarm/index.ts'
import type { EntryChange } from './entry.ts'
import type { Item } from './item.ts'

/** What changes transfers: the shelf. */
export interface ItemChanger {
  items(): readonly Item[]
  change(item: Item, change: EntryChange): Promise<void>
  changeAll(changes: ReadonlyMap<Item, Omit<EntryChange, 'priorities'>>): Promise<void>
}

/** Where in the queue one is put; a place counts from 0. */
export type QueueMove = 'top' | 'up' | 'down' | 'bottom' | number

/** @throws {P2pShareError} `ERR_STOPPED` where it does not run, as one that failed */
export function runningTransfer(item: Item): Transfer {
  if (item.transfer) return item.transfer
  throw new P2pShareError('ERR_STOPPED', `${item.name} does not run at the moment: resume it first`)
}

/**
 * Begins to hash everything anew.
 * @throws {P2pShareError} as {@link runningTransfer}; what goes wrong later is told to `onProblem`
 */
export function beginRecheck(item: Item, onProblem: (what: string, error: unknown) => void): void {
  const checking = runningTransfer(item).recheck()
  checking.catch(error => onProblem(`${item.name} cannot be checked`, error))
}

/**
 * Puts the files into another folder, and remembers it.
 * @throws {P2pShareError} as `Transfer.move`
 */
export async function moveItem(shelf: ItemChanger, item: Item, folder: string): Promise<void> {
  const transfer = runningTransfer(item)
  if (!transfer.metainfo)
    throw new P2pShareError('ERR_NO_PEERS', `The files of ${item.name} are not known yet: try again later`)
  await transfer.move(folder)
  await shelf.change(item, { source: { ...item.entry.source, folder } })
}

/** Puts several at another place in the queue; they keep their order. */
export async function queueItems(
  shelf: Pick<ItemChanger, 'items' | 'changeAll'>,
  items: readonly Item[],
  move: QueueMove,
): Promise<void> {
  const line = [...shelf.items()].sort((one, other) => one.entry.queuePlace - other.entry.queuePlace)
  const chosen = new Set(items)
  const places = line.map(({ entry }) => entry.queuePlace)
  const changes = new Map<Item, { readonly queuePlace: number }>()
  const put = (item: Item, queuePlace: number) => {
    if (item.entry.queuePlace !== queuePlace) changes.set(item, { queuePlace })
  }
  const own = line.filter(item => chosen.has(item))
  if (move === 'top' || move === 'bottom') {
    const first = move === 'top' ? Math.min(...edges(places)) - own.length : Math.max(...edges(places)) + 1
    for (const [index, item] of own.entries()) put(item, first + index)
  } else {
    const others = line.filter(item => !chosen.has(item))
    const after =
      typeof move === 'number'
        ? others.toSpliced(Math.max(0, move), 0, ...own)
        : stepped(line, chosen, move === 'up')
    for (const [index, item] of after.entries()) put(item, places[index]!)
  }
  await shelf.changeAll(changes)
}

/** The first and the last of what is sorted. */
function edges(places: readonly number[]): number[] {
  return places.length === 0 ? [0] : [places[0]!, places.at(-1)!]
}

/** Each changes places with its neighbour, unless that one moves too and has nowhere to go. */
function stepped(before: readonly Item[], chosen: ReadonlySet<Item>, isUp: boolean): Item[] {
  const line = isUp ? [...before] : before.toReversed()
  for (let at = 1; at < line.length; at++) {
    const [one, other] = [line[at - 1]!, line[at]!]
    if (chosen.has(other) && !chosen.has(one)) [line[at - 1], line[at]] = [other, one]
  }
  return isUp ? line : line.reverse()
}

/** Which files are fetched; both take what `p2pshare get --select` takes. */
export interface FileChoice {
  /** No others than these. */
  readonly only?: readonly string[] | undefined
  /** Not these. */
  readonly skip?: readonly string[] | undefined
}

/**
 * The priorities that a choice of files makes; those that are left keep theirs.
 * @throws {P2pShareError} `ERR_NO_SUCH_FILE`, `ERR_INVALID_ARGUMENT`; `ERR_NO_PEERS` where the files are not known yet
 */
export function choosePriorities(item: Item, { only, skip }: FileChoice): ReadonlyMap<number, number> {
  const metainfo = item.transfer?.metainfo
  if (!metainfo)
    throw new P2pShareError('ERR_NO_PEERS', `The files of ${item.name} are not known yet: try again later`)
  const priorities = new Map(item.entry.priorities)
  if (only) {
    const wanted = selectFiles(metainfo.files, only)
    for (const [index, { isPad, isLink }] of metainfo.files.entries()) {
      if (isPad || isLink) continue
      if (!wanted.has(index)) priorities.set(index, 0)
      else if (priorities.get(index) === 0) priorities.delete(index)
      if (wanted.has(index) && !priorities.has(index)) priorities.set(index, usual)
    }
  }
  for (const index of skip ? selectFiles(metainfo.files, skip) : []) priorities.set(index, 0)
  return priorities
}

const usual = 4
