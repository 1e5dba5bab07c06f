import type { ItemState } from '../../shelf/item.ts'
import type { TorrentView } from './torrent-view.ts'

const [stopped, waitsForCheck, checking, waitsToFetch, fetching, waitsToSeed, seeding] = [0, 1, 2, 3, 4, 5, 6]

const statuses: Readonly<Record<Exclude<ItemState, 'queued'>, number>> = {
  starting: waitsForCheck,
  checking,
  finding: fetching,
  downloading: fetching,
  seeding,
  paused: stopped,
  resting: stopped,
  missing: stopped,
  failed: stopped,
  stopped,
}

/** The state of a transfer as Transmission numbers them. */
export function statusOf({ item }: TorrentView): number {
  const { state } = item
  if (state === 'queued') return item.isDone ? waitsToSeed : waitsToFetch
  return statuses[state]
}

/**
 * What is wrong, and whose fault it is: 0 nothing, 2 the trackers', 3 this machine's. Trackers that fail are only a fault where
 * peers come from nowhere else.
 */
export function errorOf(view: TorrentView): { readonly error: number; readonly text: string } {
  if (view.problem !== '') return { error: 3, text: view.problem }
  if (view.metainfo?.isPrivate && view.trackers.length > 0) {
    const failed = view.trackers.filter(({ status }) => status === 'failed' || status === 'refused')
    if (failed.length === view.trackers.length)
      return { error: 2, text: failed[0]!.message ?? 'No tracker answers' }
  }
  return { error: 0, text: '' }
}
