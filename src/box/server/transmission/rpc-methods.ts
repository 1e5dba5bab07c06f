import type { Item } from '../../shelf/item.ts'
import type { SteeredBox } from '../steered-box.ts'
import type { Answerer, Call } from './message.ts'
import { modernName } from './names.ts'
import { RecentActivity } from './recent-activity.ts'
import { RpcError } from './rpc-error.ts'
import { selectItems } from './select-items.ts'
import { Session } from './session.ts'
import type { SessionIds } from './session-ids.ts'
import { TorrentActions } from './torrent-actions.ts'
import { torrentAdd } from './torrent-add.ts'
import { torrentGet } from './torrent-get.ts'
import { TorrentSetter } from './torrent-set.ts'

type Method = (call: Call) => Promise<object> | object

const nothing = {}

/** Does what the RPC is asked for, on the transfers of a box. */
export function rpcMethods(box: SteeredBox, ids: SessionIds): Answerer {
  const { shelf } = box
  const onProblem = (what: string, error: unknown) => box.desk.onProblem(what, error)
  const activity = new RecentActivity(shelf)
  const actions = new TorrentActions({ shelf, onProblem })
  const setter = new TorrentSetter({ shelf, onProblem })
  const session = new Session(box, ids)

  /** Something done with the transfers that are named, of which there is nothing to tell. */
  const withItems =
    (work: (items: readonly Item[], params: Call['params']) => Promise<void>): Method =>
    async ({ params }) => {
      await work(selectItems(params, shelf, activity).items, params)
      return nothing
    }

  const methods: Readonly<Record<string, Method>> = {
    torrent_get: call => torrentGet({ shelf, activity, config: () => box.config }, call),
    torrent_add: call => torrentAdd({ shelf, onProblem }, call),
    torrent_set: withItems((items, params) => setter.set(items, params)),
    torrent_start: withItems(items => actions.start(items)),
    torrent_start_now: withItems(items => actions.startNow(items)),
    torrent_stop: withItems(items => actions.stop(items)),
    torrent_verify: withItems(items => actions.verify(items)),
    torrent_reannounce: withItems(items => actions.reannounce(items)),
    torrent_remove: withItems((items, params) => actions.remove(items, params)),
    torrent_set_location: withItems((items, params) => actions.setLocation(items, params)),
    torrent_rename_path: refused('files keep the names that their torrent gives them'),
    queue_move_top: withItems(items => actions.queue(items, 'top')),
    queue_move_up: withItems(items => actions.queue(items, 'up')),
    queue_move_down: withItems(items => actions.queue(items, 'down')),
    queue_move_bottom: withItems(items => actions.queue(items, 'bottom')),
    session_get: call => session.get(call),
    session_set: call => session.set(call),
    session_stats: call => session.stats(call),
    session_close: refused('the box is not ended from afar'),
    free_space: call => session.freeSpace(call),
    port_test: call => session.portTest(call),
    blocklist_update: refused('there is no blocklist: peers that lie are banned by what they do'),
    group_get: () => ({ group: [] }),
    group_set: refused('there are no groups of transfers'),
  }

  return async call => {
    const name = modernName(call.method)
    if (!Object.hasOwn(methods, name)) throw new RpcError('method', 'method name not recognized')
    return methods[name]!(call)
  }
}

function refused(why: string): Method {
  return () => {
    throw new RpcError('refused', why)
  }
}
