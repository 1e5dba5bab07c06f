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
/** What goes, one by one, where a terminal has no room for all. */
const goFirst = ['>Ratio', '>Size', '>Peers', '>Up', '>Down', '>Done', 'State']

/** Transfers of the box, a row each; on a terminal names are cut, and columns left out, so that a row is a line. */
export async function formatTransfers(
  transfers: readonly TransferView[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const rows = transfers.map(cellsOf)
  const room = screen.isTTY && screen.columns ? screen.columns : undefined
  const { shown, name } = fitColumns(widthsOf(rows), room)
  const pick = (cells: readonly string[]) => cells.filter((_, at) => shown[at])
  const fitted = rows.map(row => pick(row.with(nameAt, fitWidth(row[nameAt]!, name))))
  return formatTable(pick(headings), fitted, screen, env)
}

/** What each column takes. */
function widthsOf(rows: readonly (readonly string[])[]): number[] {
  return headings.map((heading, at) =>
    rows.reduce((widest, row) => Math.max(widest, row[at]!.length), heading.replace('>', '').length),
  )
}

/** Which columns there is room for, and how wide names may be. */
function fitColumns(widths: readonly number[], room: number | undefined): { shown: boolean[]; name: number } {
  const shown = headings.map(() => true)
  if (room === undefined) return { shown, name: usualNameColumns }
  const left = () =>
    widths.reduce((rest, width, at) => (shown[at] && at !== nameAt ? rest - width - gap : rest), room)
  for (const heading of goFirst) if (left() < leastNameColumns) shown[headings.indexOf(heading)] = false
  return { shown, name: Math.max(1, left()) }
}

function cellsOf(view: TransferView): string[] {
  const { id, name, sizeBytes, haveBytes, peers, ratio } = view
  return [
    `${id}`,
    visibleName(name),
    stateOf(view),
    sizeBytes > 0 ? formatSize(sizeBytes) : '',
    sizeBytes > 0 ? `${Math.floor((100 * haveBytes) / sizeBytes)} %` : '',
    rateOf(view.downloadBytesPerSecond),
    rateOf(view.uploadBytesPerSecond),
    ratio.toFixed(2),
    `${peers}`,
  ]
}

/** One that is paused by what it met, and goes on by itself, is none that somebody paused. */
function stateOf({ state, reasonCode }: TransferView): string {
  if (state !== 'paused' || reasonCode === undefined) return state
  return reasonCode === 'ERR_DISK_FULL' ? 'disk full' : 'cannot write'
}

function rateOf(bytesPerSecond: number): string {
  return bytesPerSecond < 1 ? '' : formatRate(bytesPerSecond)
}
