import type { Transfer, TransferState } from '../swarm/index.ts'
import type { Printer } from './printer.ts'
import { remedies } from './remedies.ts'
import { describeName } from './transfer-names.ts'

/**
 * Says when a transfer halts (disk full, a file gone) and when it goes on by itself.
 *
 * @returns what ends it
 */
export function tellTroubles(transfer: Transfer, printer: Printer): () => void {
  let isHalted = false
  const onState = (state: TransferState) => {
    const { reason } = transfer.stats()
    if (state === 'paused' || state === 'missing') {
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
  transfer.on('state', onState)
  return () => transfer.off('state', onState)
}
