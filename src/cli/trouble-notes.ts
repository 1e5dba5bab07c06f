import { visibleName } from '../core/index.ts'
import type { Transfer, TransferState } from '../swarm/index.ts'
import { formatCount } from './format.ts'
import type { Printer } from './printer.ts'
import { remedies } from './remedies.ts'
import { describeName } from './transfer-names.ts'

/** How many peers have to be banned for it to be said, and said again. */
const tellAt: ReadonlySet<number> = new Set([1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000])

/**
 * Says when a transfer halts (disk full, a file gone), when it goes on by itself, and when peers lie.
 *
 * @returns what ends it
 */
export function tellTroubles(transfer: Transfer, printer: Printer): () => void {
  let isHalted = false
  const onState = (state: TransferState) => {
    const { reason } = transfer.stats()
    const isHalt = state === 'missing' || (state === 'paused' && reason)
    if (isHalt) {
      isHalted = true
      printer.event('halted', {
        infoHash: transfer.infoHash,
        state,
        code: reason?.code,
        message: reason?.message,
      })
      const why = reason ? `: ${reason.message}\n  ${remedies[reason.code]}` : ''
      printer.note(`${describeName(transfer)} is halted and goes on by itself once it can${why}`)
    } else if (isHalted && (state === 'downloading' || state === 'seeding')) {
      isHalted = false
      printer.event('resumed', { infoHash: transfer.infoHash, state })
      printer.note(`${describeName(transfer)} goes on`)
    }
  }
  const banned = new Map<string, number>()
  const onBanned = (address: string, why: string) => {
    printer.event('banned', { infoHash: transfer.infoHash, address, reason: why })
    const count = (banned.get(why) ?? 0) + 1
    banned.set(why, count)
    if (tellAt.has(count))
      printer.note(`${describeName(transfer)}: ${formatCount(count, 'peer')} banned: ${visibleName(why)}`)
  }
  transfer.on('state', onState)
  transfer.on('banned', onBanned)
  return () => {
    transfer.off('state', onState)
    transfer.off('banned', onBanned)
  }
}
