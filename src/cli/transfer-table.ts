import type { TransferView } from '../box/index.ts'
import { visibleName } from '../core/index.ts'
import { fitWidth } from './display-width.ts'
import type { Env, Screen } from './env.ts'
import { formatRate, formatSize } from './format.ts'
import { formatTable } from './table.ts'

const usualNameColumns = 34
const leastNameColumns = 12
const gap = 2
const headings = ['>#', 'Name', 'State', '>Size', '>Done', '>Down', '>Up', '>Ratio', '>Peers']
const nameAt = 1

/** Transfers of the box, a row each; on a terminal names are cut so that a row is a line. */
export async function formatTransfers(
  transfers: readonly TransferView[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const rows = transfers.map(cellsOf)
  const columns = screen.isTTY && screen.columns ? screen.columns - widthBeside(rows) : usualNameColumns
  const name = Math.max(columns, leastNameColumns)
  const fitted = rows.map(row => row.with(nameAt, fitWidth(row[nameAt]!, name)))
  return formatTable(headings, fitted, screen, env)
}

/** What all columns but the names take. */
function widthBeside(rows: readonly (readonly string[])[]): number {
  const widths = headings.map((heading, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]!.length), heading.replace('>', '').length),
  )
  const beside = widths.with(nameAt, 0).reduce((sum, width) => sum + width, 0)
  return beside + gap * (headings.length - 1)
}

function cellsOf(view: TransferView): string[] {
  const { id, name, state, sizeBytes, haveBytes, peers, ratio } = view
  return [
    `${id}`,
    visibleName(name),
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
