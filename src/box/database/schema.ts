import type { Generated } from 'kysely'
import type { CleanCopyRow } from './clean-copy-row.ts'
import type { FeedItemRow, FeedRow, MirroredRow } from './following-rows.ts'
import type { HistoryRow } from './history-row.ts'
import type { TransferRow } from './transfer-row.ts'
import type { WaitingHookRow } from './waiting-hook-row.ts'
import type { WatchedRow, WatchFolderRow } from './watched-row.ts'

export interface BoxSchema {
  transfer: Omit<TransferRow, 'id'> & { id: Generated<number> }
  watch_folder: WatchFolderRow
  watched: WatchedRow
  clean_copy: CleanCopyRow
  history: HistoryRow
  feed: FeedRow
  feed_item: Omit<FeedItemRow, 'number'> & { number: Generated<number> }
  mirrored: MirroredRow
  waiting_hook: Omit<WaitingHookRow, 'number'> & { number: Generated<number> }
}
