import type { Migration } from '../../../database/index.ts'
import * as transfers from './0001-transfers.ts'
import * as watched from './0002-watched.ts'
import * as following from './0003-following.ts'
import * as history from './0004-history.ts'
import * as hooks from './0005-hooks.ts'
import * as cleanCopies from './0006-clean-copies.ts'
import * as givenPeers from './0007-given-peers.ts'
import * as sharedPath from './0008-shared-path.ts'

/** In order; append only. */
export const migrations: readonly Migration[] = [
  transfers,
  watched,
  following,
  history,
  hooks,
  cleanCopies,
  givenPeers,
  sharedPath,
]
