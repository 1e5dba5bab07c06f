import type { Env, Screen } from './env.ts'
import { hasColor } from './env.ts'

/** How a table's columns are headed and aligned; a heading that starts with `>` stands to the right. */
export async function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  screen: Screen,
  env: Env,
): Promise<string> {
  const { default: Table } = await import('cli-table3')
  const table = new Table({
    head: headings.map(heading => heading.replace(/^>/, '')),
    colAligns: headings.map(heading => (heading.startsWith('>') ? 'right' : 'left')),
    style: { head: hasColor(screen, env) ? ['bold'] : [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
  })
  table.push(...rows.map(row => [...row]))
  return withoutTrailingSpaces(table.toString())
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

function withoutTrailingSpaces(text: string): string {
  return text.replaceAll(/ +$/gm, '')
}
