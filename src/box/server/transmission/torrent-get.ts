import { setImmediate } from 'node:timers/promises'
import type { BoxConfig } from '../../config/box-config.ts'
import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import type { Call } from './message.ts'
import { modernName, withLegacyNames } from './names.ts'
import type { RecentActivity } from './recent-activity.ts'
import { RpcError } from './rpc-error.ts'
import { selectItems } from './select-items.ts'
import { type TorrentField, torrentFields } from './torrent-fields.ts'
import { torrentLists } from './torrent-lists.ts'
import { TorrentView, type TorrentViewing } from './torrent-view.ts'

export interface TorrentGetInit {
  readonly shelf: Shelf
  readonly activity: RecentActivity
  readonly config: () => BoxConfig
}

const mostFields = 500
/** A list of thousands keeps nobody else waiting for longer. */
const mostTurnMs = 10

/** Tells of transfers: the fields that were asked for, under the names by which they were, and nothing else is worked out. */
export async function torrentGet(
  { shelf, activity, config }: TorrentGetInit,
  { params, isLegacy }: Call,
): Promise<object> {
  const names = params.texts('fields', mostFields)
  if (!names || names.length === 0) throw new RpcError('params', 'fields has to name what is asked for')
  const columns = columnsOf(names, isLegacy)
  const isTable = params.text('format') === 'table'
  const { items, isRecent } = selectItems(params, shelf, activity)
  const viewing = viewingOf(shelf, activity, config().network.max_peers)
  const torrents: unknown[] = isTable ? [columns.map(([name]) => name)] : []
  let turnMs = performance.now()
  for (const item of items) {
    if (performance.now() - turnMs > mostTurnMs) {
      await setImmediate()
      turnMs = performance.now()
    }
    const view = new TorrentView(item, viewing)
    torrents.push(isTable ? rowOf(view, columns) : objectOf(view, columns))
  }
  return { torrents, ...(isRecent && { removed: activity.removed().map(({ id }) => id) }) }
}

type Column = readonly [name: string, field: TorrentField]

/** Names that nobody knows are passed over, as Transmission does. */
function columnsOf(names: readonly string[], isLegacy: boolean): readonly Column[] {
  return [...new Set(names)].flatMap((name): readonly Column[] => {
    const modern = modernName(name)
    if (Object.hasOwn(torrentFields, modern)) return [[name, torrentFields[modern]!]]
    if (!Object.hasOwn(torrentLists, modern)) return []
    const list = torrentLists[modern]!
    return [[name, isLegacy ? view => withLegacyNames(list(view), 'camel') : list]]
  })
}

function objectOf(view: TorrentView, columns: readonly Column[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const [name, field] of columns) fields[name] = field(view)
  return fields
}

function rowOf(view: TorrentView, columns: readonly Column[]): unknown[] {
  return columns.map(([, field]) => field(view))
}

function viewingOf(shelf: Shelf, activity: RecentActivity, maxPeers: number): TorrentViewing {
  let positions: ReadonlyMap<Item, number> | undefined
  return {
    nowMs: performance.now(),
    activity,
    maxPeers,
    queuePosition(item) {
      positions ??= new Map(
        shelf
          .items()
          .toSorted((one, other) => one.entry.queuePlace - other.entry.queuePlace)
          .map((queued, position) => [queued, position]),
      )
      return positions.get(item) ?? 0
    },
  }
}
