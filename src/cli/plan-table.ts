import { visibleName } from '../core/index.ts'
import { displayWidth, fitWidth } from './display-width.ts'
import type { Env, Screen } from './env.ts'
import { formatSize } from './format.ts'
import { formatTable } from './table.ts'

/** Something that is to be fetched, dropped or left out. */
export interface PlannedRow {
  readonly name: string
  readonly sizeBytes: number | undefined
  readonly why: string
}

const usualNameColumns = 40
/** A long name leaves room for the reason, and a long reason for the name. */
const leastNameColumns = 24
const sizeHeading = 'Size'
const gaps = 4

/** What a plan says, a row each; on a terminal names, and reasons that are long, are cut so that a row is a line. */
export async function formatPlanned(
  planned: readonly PlannedRow[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const sizes = planned.map(({ sizeBytes }) => (sizeBytes === undefined ? '?' : formatSize(sizeBytes)))
  const names = planned.map(({ name }) => visibleName(name))
  const reasons = planned.map(({ why }) => visibleName(why))
  const beside = widest([sizeHeading, ...sizes]) + gaps
  const room = screen.isTTY && screen.columns ? screen.columns - beside : undefined
  const columns =
    room === undefined ? [usualNameColumns, Infinity] : shareOut(room, widest(names), widest(reasons))
  const rows = planned.map((_, index) => [
    sizes[index]!,
    fitWidth(names[index]!, columns[0]!),
    fitWidth(reasons[index]!, columns[1]!),
  ])
  return formatTable([`>${sizeHeading}`, 'Name', 'Why'], rows, screen, env)
}

/** Columns for the names and for the reasons. */
function shareOut(room: number, widestName: number, widestReason: number): [number, number] {
  const least = Math.min(leastNameColumns, Math.floor(room / 2))
  const name = Math.max(1, Math.min(widestName, Math.max(room - widestReason, least)))
  return [name, Math.max(1, room - name)]
}

function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0)
}
