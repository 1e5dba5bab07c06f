import type { TransferView } from '../box/index.ts'
import { visibleName } from '../core/index.ts'
import { fitWidth } from './display-width.ts'
import { formatRate, formatSize } from './format.ts'

const nameColumns = 34

export const transferHeadings = ['>#', 'Name', 'State', '>Size', '>Done', '>Down', '>Up', '>Ratio', '>Peers']

/** A transfer of the box as a row under {@link transferHeadings}. */
export function transferCells(view: TransferView): string[] {
  const { id, name, state, sizeBytes, haveBytes, peers, ratio } = view
  return [
    `${id}`,
    fitWidth(visibleName(name), nameColumns),
    state,
    sizeBytes > 0 ? formatSize(sizeBytes) : '',
    sizeBytes > 0 ? `${Math.floor((100 * haveBytes) / sizeBytes)} %` : '',
    rateOf(view.downloadBytesPerSecond),
    rateOf(view.uploadBytesPerSecond),
    ratio.toFixed(2),
    `${peers}`,
  ]
}

function rateOf(bytesPerSecond: number): string {
  return bytesPerSecond < 1 ? '' : formatRate(bytesPerSecond)
}
