import type { EntryChange } from '../../shelf/entry.ts'
import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import { moveItem, type QueueMove, queueItems, runningTransfer } from '../../shelf/steer-item.ts'
import { begin } from './begun-work.ts'
import type { Params } from './params.ts'
import { RpcError } from './rpc-error.ts'
import { readFolder } from './torrent-add.ts'

export interface TorrentActionsInit {
  readonly shelf: Shelf
  readonly onProblem: (what: string, error: unknown) => void
}

const atOnce = 16

/** What can be done with transfers. Where one cannot, the others are dealt with all the same; the first failure is thrown then. */
export class TorrentActions {
  readonly #init: TorrentActionsInit

  constructor(init: TorrentActionsInit) {
    this.#init = init
  }

  async start(items: readonly Item[]): Promise<void> {
    const { shelf } = this.#init
    // Whoever is only paused needs no more than that; of thousands each by itself would take minutes.
    const isSimple = (item: Item) =>
      item.hold === 'paused' && !item.problem && item.transfer?.state !== 'failed'
    await this.#changeAll(items.filter(isSimple), { isPaused: false })
    const needMore = items.filter(
      item =>
        item.hold === 'resting' || item.problem || item.transfer?.state === 'failed' || item.entry.isPaused,
    )
    await each(needMore, item => shelf.resume(item))
  }

  /** As `start`, before all others in the queue. */
  async startNow(items: readonly Item[]): Promise<void> {
    await this.queue(items, 'top')
    await this.start(items)
  }

  async stop(items: readonly Item[]): Promise<void> {
    await this.#changeAll(
      items.filter(({ entry }) => !entry.isPaused),
      { isPaused: true },
    )
  }

  verify(items: readonly Item[]): Promise<void> {
    return each(items, async item => {
      const transfer = runningTransfer(item)
      // There is nothing to check while it is not known what it is of.
      if (!transfer.metainfo) return
      const checking = transfer.recheck()
      await begin(checking, error => this.#init.onProblem(`${item.name} cannot be checked`, error))
    })
  }

  async reannounce(items: readonly Item[]): Promise<void> {
    for (const { transfer } of items) transfer?.announce()
  }

  async remove(items: readonly Item[], params: Params): Promise<void> {
    const data = params.flag('delete_local_data') ?? false
    const { shelf, onProblem } = this.#init
    const removing = each(items, item => shelf.remove(item, { data }))
    await begin(removing, error => onProblem('A transfer cannot be removed', error))
  }

  /** @throws {RpcError} where the files are to be looked for in a place, rather than moved there */
  async setLocation(items: readonly Item[], params: Params): Promise<void> {
    const folder = readFolder(params, 'location')
    if (folder === undefined) throw new RpcError('params', 'location has to name a folder')
    if (!params.flag('move'))
      throw new RpcError('refused', 'files are not looked for elsewhere: let them be moved there')
    const { shelf, onProblem } = this.#init
    await each(items, async item => {
      const moving = moveItem(shelf, item, folder)
      await begin(moving, error => onProblem(`${item.name} cannot be moved`, error))
    })
  }

  queue(items: readonly Item[], move: QueueMove): Promise<void> {
    return queueItems(this.#init.shelf, items, move)
  }

  async #changeAll(items: readonly Item[], change: Pick<EntryChange, 'isPaused'>): Promise<void> {
    await this.#init.shelf.changeAll(new Map(items.map(item => [item, change])))
  }
}

async function each(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  const failures: unknown[] = []
  const left = items.values()
  const worker = async () => {
    for (const item of left) await work(item).catch(error => failures.push(error))
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failures.length > 0) throw failures[0]
}
