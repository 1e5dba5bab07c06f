import type { TableConstructorOptions } from 'cli-table3'
import { displayWidth } from './display-width.ts'
import type { Env, Screen } from './env.ts'
import { hasColor } from './env.ts'

/** cli-table3 takes time with the square of its rows, and a torrent may have 100,000 files. */
const rowsAtOnce = 100
const padding = 2

/**
 * A table without lines. A heading that starts with `>` puts its column to the right. No cell holds colours.
 */
export async function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const head = headings.map(heading => heading.replace(/^>/, ''))
  const options = {
    colAligns: headings.map(heading => (heading.startsWith('>') ? 'right' : 'left')),
    style: {
      head: hasColor(screen, env) ? ['bold'] : [],
      border: [],
      'padding-left': 0,
      'padding-right': padding,
    },
    chars: borderless,
  } satisfies TableConstructorOptions
  const colWidths = rows.length > rowsAtOnce ? widthsOf([head, ...rows]) : []
  const parts: string[] = []
  for (let at = 0; at === 0 || at < rows.length; at += rowsAtOnce) {
    const table = new Table({ ...options, colWidths: [...colWidths], head: at === 0 ? head : [] })
    for (const row of rows.slice(at, at + rowsAtOnce)) table.push([...row])
    parts.push(withoutTrailingSpaces(table.toString()))
  }
  return parts.join('\n')
}

/** Widths of all columns but the last, which takes what it needs. */
function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [column, cell] of row.slice(0, -1).entries())
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell) + padding)
  return widths
}

/** A list of `name  value` lines; entries without a value are left out. */
export async function formatFacts(
  facts: readonly (readonly [name: string, value: string | undefined])[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const rows = facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return formatTable([], rows, screen, env)
}

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
}

/** Of a heading the end of its colour follows the spaces. */
function withoutTrailingSpaces(text: string): string {
  return text.replaceAll(/ +((?:\u001b\[[\d;]*m)*)$/gm, '$1')
}
