export { Box } from './box.ts'
export type { BoxInit } from './box-init.ts'
export type { BoxStatus } from './box-status.ts'
export { BoxClient } from './client/box-client.ts'
export type { BoxEvent, TransferNews } from './client/box-events.ts'
export type { WorkOptions, WorkProgress } from './client/box-work.ts'
export type {
  BoxPlan,
  FollowedSource,
  MirroredTransfer,
  PlannedFetch,
  PrunedTransfer,
} from './client/followed-facts.ts'
export type { BoxSearch, FoundListing, FoundPage } from './client/found-listings.ts'
export type {
  AddedTransfer,
  FileView,
  HeldPieces,
  LeftFiles,
  SharedLink,
  SteerOutcome,
  TransferLogEntry,
} from './client/transfer-facts.ts'
export type {
  AddOptions,
  BoxLimits,
  ShareOptions,
  SteerOrder,
  TransferChange,
  TransferQuery,
} from './client/transfer-orders.ts'
export { untilNoBox } from './client/until-no-box.ts'
export { readListenAddress } from './config/listen-address.ts'
export type { HistoryStep, HistoryView } from './history/history-view.ts'
export { boxLog } from './log/box-log.ts'
export type { ApiToken } from './server/api-token.ts'
export type { TransferView } from './server/transfer-view.ts'
