import type { Generated } from 'kysely'
import type { FeedItemRow, FeedRow, MirroredRow } from './following-rows.ts'
import type { HistoryRow } from './history-row.ts'
import type { TransferRow } from './transfer-row.ts'
import type { WatchedRow, WatchFolderRow } from './watched-row.ts'

export interface BoxSchema {
  transfer: Omit<TransferRow, 'id'> & { id: Generated<number> }
  watch_folder: WatchFolderRow
  watched: WatchedRow
  history: HistoryRow
  feed: FeedRow
  feed_item: Omit<FeedItemRow, 'number'> & { number: Generated<number> }
  mirrored: MirroredRow
}
