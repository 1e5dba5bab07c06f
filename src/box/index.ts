export type { BoxInit } from './box.ts'
export { Box } from './box.ts'
export type { BoxStatus } from './box-status.ts'
export type {
  AddOptions,
  BoxLimits,
  BoxPlan,
  FileView,
  ShareOptions,
  TransferChange,
} from './client/box-client.ts'
export { BoxClient } from './client/box-client.ts'
export type { BoxEvent } from './client/box-events.ts'
export { untilNoBox } from './client/until-no-box.ts'
export { readListenAddress } from './config/listen-address.ts'
export { boxLog } from './log/box-log.ts'
export type { TransferView } from './server/transfer-view.ts'
