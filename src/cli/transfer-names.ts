import { visibleName } from '../core/index.ts'
import type { Transfer } from '../swarm/index.ts'
import { fitWidth } from './display-width.ts'

const nameColumns = 32

/** The transfer's name as it may stand on a terminal. */
export function describeName({ name }: Pick<Transfer, 'name'>): string {
  return fitWidth(visibleName(name), nameColumns)
}

/** One name, or how many there are. */
export function describeNames(transfers: readonly Pick<Transfer, 'name'>[]): string {
  const [first] = transfers
  return transfers.length === 1 && first ? describeName(first) : `${transfers.length} torrents`
}
