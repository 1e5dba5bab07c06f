import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import type { Params } from './params.ts'
import type { RecentActivity } from './recent-activity.ts'
import { RpcError } from './rpc-error.ts'

const mostIds = 100_000

export interface Selected {
  readonly items: readonly Item[]
  /** Those alone were asked for that something happened to. */
  readonly isRecent: boolean
}

/**
 * The transfers that `ids` names: all where it is left out, else numbers, info-hashes, or those that something happened to lately.
 * What is not there any more is passed over.
 *
 * @throws {RpcError} where `ids` is none of that, so that a slip is never taken for all
 */
export function selectItems(params: Params, shelf: Shelf, activity: RecentActivity): Selected {
  if (!params.has('ids')) return { items: shelf.items(), isRecent: false }
  const ids = params.raw('ids')
  if (ids === 'recently-active' || ids === 'recently_active')
    return { items: shelf.items().filter(item => activity.isRecent(item)), isRecent: true }
  const list = Array.isArray(ids) ? ids : [ids]
  if (list.length > mostIds) throw new RpcError('params', `ids has more than ${mostIds} entries`)
  const found = new Set<Item>()
  for (const id of list) {
    const item = shelf.lookUp(referenceOf(id))
    if (item) found.add(item)
  }
  return { items: [...found], isRecent: false }
}

function referenceOf(id: unknown): number | string {
  if (typeof id === 'number') return id
  if (typeof id === 'string') return /^\d{1,15}$/.test(id) ? Number(id) : id.toLowerCase()
  throw new RpcError('params', 'ids has to be numbers, info-hashes or "recently_active"')
}
