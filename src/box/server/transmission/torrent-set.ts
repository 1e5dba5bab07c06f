import type { EntryChange } from '../../shelf/entry.ts'
import type { Item } from '../../shelf/item.ts'
import type { Shelf } from '../../shelf/shelf.ts'
import { moveItem, queueItems } from '../../shelf/steer-item.ts'
import { begin } from './begun-work.ts'
import { type FileWish, prioritiesAfter, readFileWish } from './file-wish.ts'
import { type GoalWish, goalAfter, ratioGoal, readGoalWish, seedGoal } from './goal-wish.ts'
import { readLabels } from './labels.ts'
import { type LimitWish, limitAfter, readLimitWish } from './limit-wish.ts'
import type { Params } from './params.ts'
import { RememberedAmounts } from './remembered-amounts.ts'
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

const minuteMs = 60_000
const fixed = ['tracker_add', 'tracker_remove', 'tracker_replace', 'tracker_list']

/** Changes transfers as a client wants it; what concerns one never keeps the others from theirs. */
export class TorrentSetter {
  readonly #init: TorrentSetInit
  readonly #memory = new RememberedAmounts()

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
    const facts = { of: item, memory: this.#memory }
    const minutes = goals.seedMs && goals.seedMs / minuteMs
    const seedAfter = seedMinutes && goalAfter(seedMinutes, seedGoal, { ...facts, now: minutes })
    return {
      ...(labels && { labels }),
      ...((upload || download) && {
        limits: {
          upload: upload ? limitAfter(upload, 'upload', { ...facts, now: limits.upload }) : limits.upload,
          download: download
            ? limitAfter(download, 'download', { ...facts, now: limits.download })
            : limits.download,
        },
      }),
      ...((ratio || seedMinutes) && {
        goals: {
          ratio: ratio ? goalAfter(ratio, ratioGoal, { ...facts, now: goals.ratio }) : goals.ratio,
          seedMs: seedMinutes ? seedAfter && Math.round(seedAfter * minuteMs) : goals.seedMs,
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
    ratio: readGoalWish(params, ratioGoal),
    seedMinutes: readGoalWish(params, seedGoal),
    files: readFileWish(params),
    place: params.number('queue_position'),
    folder: readFolder(params, 'location'),
  }
}

function metainfoOf({ transfer, name }: Item) {
  if (transfer?.metainfo) return transfer.metainfo
  throw new RpcError('refused', `the files of ${name} are not known yet`)
}
