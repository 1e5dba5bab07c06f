import { statementLines } from './statement-lines.ts'

const header = /^\s*(\[{1,2})\s*([^\]]+?)\s*\]{1,2}/
const assignment = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/

/**
 * The line, from 1, that a key of a TOML text stands in, or the nearest one above it: of a value in an inline table or list the line
 * of the key that it belongs to. 1 where nothing of it is there.
 *
 * @param path keys and places in lists, as zod names what it finds wrong
 */
export function locateKey(toml: string, path: readonly PropertyKey[]): number {
  const wanted = path.map(String)
  const counts = new Map<string, number>()
  let table: string[] = []
  let best = { depth: 0, line: 1 }
  for (const { line, text } of statementLines(toml)) {
    const opened = header.exec(text)
    if (opened) {
      table = placed(keysOf(opened[2]!), counts)
      if (opened[1] === '[[') {
        const name = table.join('\0')
        const place = (counts.get(name) ?? -1) + 1
        counts.set(name, place)
        table.push(String(place))
      }
    }
    const key = assignment.exec(text)?.[1]
    const here = key === undefined ? table : [...table, ...keysOf(key)]
    if ((opened || key !== undefined) && here.length > best.depth && startsWith(wanted, here))
      best = { depth: here.length, line }
  }
  return best.line
}

/** Keys below a list of tables belong to the last of it so far. */
function placed(keys: readonly string[], counts: ReadonlyMap<string, number>): string[] {
  const path: string[] = []
  for (const [index, key] of keys.entries()) {
    path.push(key)
    const place = counts.get(path.join('\0'))
    if (place !== undefined && index < keys.length - 1) path.push(String(place))
  }
  return path
}

function keysOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare!,
  )
}

function startsWith(whole: readonly string[], start: readonly string[]): boolean {
  return start.length <= whole.length && start.every((key, index) => key === whole[index])
}
