import type { EntryChange } from '../../shelf/entry.ts'
import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import { moveItem, queueItems } from '../../shelf/steer-item.ts'
import { begin } from './begun-work.ts'
import { type FileWish, prioritiesAfter, readFileWish } from './file-wish.ts'
import { readLabels } from './labels.ts'
import { LimitMemory, type LimitWish, readLimitWish } from './limit-wish.ts'
import type { Params } from './params.ts'
import { RpcError } from './rpc-error.ts'
import { readFolder } from './torrent-add.ts'

export interface TorrentSetInit {
  readonly shelf: Shelf
  readonly onProblem: (what: string, error: unknown) => void
}

/** What a call wants of transfers, each `undefined` where nothing is said of it. */
interface Wishes {
  readonly labels: readonly string[] | undefined
  readonly upload: LimitWish | undefined
  readonly download: LimitWish | undefined
  readonly ratio: GoalWish | undefined
  readonly seedMinutes: GoalWish | undefined
  readonly files: FileWish | undefined
  readonly place: number | undefined
  readonly folder: string | undefined
}

/** A goal as clients set it: which one counts, and how much. */
interface GoalWish {
  readonly amount: number | undefined
  readonly mode: number | undefined
}

const [asSettings, own] = [0, 1]
const mostRatio = 1_000_000
const mostMinutes = 10_000_000
const fixed = ['tracker_add', 'tracker_remove', 'tracker_replace', 'tracker_list']

/** Changes transfers as a client wants it; what concerns one never keeps the others from theirs. */
export class TorrentSetter {
  readonly #init: TorrentSetInit
  readonly #memory = new LimitMemory()

  constructor(init: TorrentSetInit) {
    this.#init = init
  }

  /** @throws {RpcError} for the first that could not be changed, once all were tried; for trackers, which stay as they are */
  async set(items: readonly Item[], params: Params): Promise<void> {
    const wishes = readWishes(params)
    const { shelf } = this.#init
    const failures: unknown[] = []
    // What takes no more than writing it down is written down at once: it may be for thousands.
    const plain = new Map<Item, EntryChange>()
    for (const item of items) await this.#setOne(item, wishes, plain).catch(error => failures.push(error))
    await shelf.changeAll(plain)
    if (wishes.place !== undefined) await queueItems(shelf, items, wishes.place)
    if (failures.length > 0) throw failures[0]
    if (fixed.some(name => params.has(name)))
      throw new RpcError('refused', 'the trackers of a torrent cannot be changed here')
  }

  async #setOne(item: Item, wishes: Wishes, plain: Map<Item, EntryChange>): Promise<void> {
    const { shelf, onProblem } = this.#init
    const change = this.#changeOf(item, wishes)
    if (change.priorities) await shelf.change(item, change)
    else if (Object.keys(change).length > 0) plain.set(item, change)
    if (wishes.folder !== undefined && wishes.folder !== item.entry.source.folder) {
      const moving = moveItem(shelf, item, wishes.folder)
      await begin(moving, error => onProblem(`${item.name} cannot be moved`, error))
    }
  }

  #changeOf(item: Item, { labels, upload, download, ratio, seedMinutes, files }: Wishes): EntryChange {
    const { limits, goals, priorities } = item.entry
    const memory = this.#memory
    const minutes = goals.seedMs && goals.seedMs / 60_000
    const seedAfter = seedMinutes && goalAfter(seedMinutes, minutes, mostMinutes)
    return {
      ...(labels && { labels }),
      ...((upload || download) && {
        limits: {
          upload: upload ? memory.after(upload, item, 'upload', limits.upload) : limits.upload,
          download: download ? memory.after(download, item, 'download', limits.download) : limits.download,
        },
      }),
      ...((ratio || seedMinutes) && {
        goals: {
          ratio: ratio ? goalAfter(ratio, goals.ratio, mostRatio) : goals.ratio,
          seedMs: seedMinutes ? seedAfter && Math.round(seedAfter * 60_000) : goals.seedMs,
        },
      }),
      ...(files && { priorities: prioritiesAfter(files, metainfoOf(item), priorities) }),
    }
  }
}

function readWishes(params: Params): Wishes {
  return {
    labels: readLabels(params),
    upload: readLimitWish(params, 'upload_limit', 'upload_limited'),
    download: readLimitWish(params, 'download_limit', 'download_limited'),
    ratio: readGoal(params, 'seed_ratio_limit', 'seed_ratio_mode'),
    seedMinutes: readGoal(params, 'seed_idle_limit', 'seed_idle_mode'),
    files: readFileWish(params),
    place: params.number('queue_position'),
    folder: readFolder(params, 'location'),
  }
}

function readGoal(params: Params, amountName: string, modeName: string): GoalWish | undefined {
  const [amount, mode] = [params.number(amountName), params.number(modeName)]
  if (mode !== undefined && ![0, 1, 2].includes(mode))
    throw new RpcError('params', `${modeName} is 0, 1 or 2`)
  return amount === undefined && mode === undefined ? undefined : { amount, mode }
}

/** The goal after a wish: `undefined` as the settings have it, 0 none. */
function goalAfter({ amount, mode }: GoalWish, now: number | undefined, most: number): number | undefined {
  const after = mode ?? (now === undefined ? asSettings : now > 0 ? own : 2)
  if (after === asSettings) return undefined
  return after === own ? Math.max(0, Math.min(amount ?? now ?? 0, most)) : 0
}

function metainfoOf({ transfer, name }: Item) {
  if (transfer?.metainfo) return transfer.metainfo
  throw new RpcError('refused', `the files of ${name} are not known yet`)
}
