import { type Hex, P2pShareError } from '../../core/index.ts'
import type { Item } from './item.ts'

/** What is looked through. */
export interface ItemLists {
  items(): readonly Item[]
  lookUp(reference: number | Hex): Item | undefined
}

const number = /^[1-9]\d{0,14}$/
const wholeHash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i
/** The beginning of an info-hash that is long enough to mean one. */
const hashStart = /^[0-9a-f]{6,}$/i

/**
 * The one that is meant: by its number, its whole info-hash, its name, or the beginning of its info-hash. What is written like a number
 * or a whole info-hash means nothing else: whoever asks for one that has gone must not be given another that is named so.
 *
 * @throws {P2pShareError} `ERR_NO_SUCH_TRANSFER` where there is none, or several
 */
export function findItem(lists: ItemLists, text: string): Item {
  const isNumber = number.test(text)
  const isExact = isNumber || wholeHash.test(text)
  const known = isExact && lists.lookUp(isNumber ? Number(text) : (text.toLowerCase() as Hex))
  if (known) return known
  const start = !isExact && hashStart.test(text) ? text.toLowerCase() : undefined
  const like = lists
    .items()
    .filter(({ name, infoHash }) => name === text || (start !== undefined && infoHash.startsWith(start)))
  if (!isExact && like.length === 1) return like[0]!
  throw new P2pShareError('ERR_NO_SUCH_TRANSFER', whyNone(text.slice(0, 100), like))
}

/** @param like those that it may have been meant for */
function whyNone(text: string, like: readonly Item[]): string {
  if (like.length === 0) return `The box has no transfer "${text}"`
  if (like.length === 1)
    return `The box has no transfer ${text}: the one of that name is number ${like[0]!.id}`
  return `"${text}" may be any of ${like.length} transfers: say its number`
}
