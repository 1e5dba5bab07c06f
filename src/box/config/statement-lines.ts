/** A line of a TOML text that begins a table or a key. */
export interface StatementLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

/** The lines of a TOML text that begin something: none within a text or a list of several lines, whatever stands there. */
export function statementLines(toml: string): StatementLine[] {
  const statements: StatementLine[] = []
  const scan = new Scan()
  for (const [index, text] of toml.split('\n').entries()) {
    if (scan.isOutside) statements.push({ line: index + 1, text })
    scan.read(text)
  }
  return statements
}

/** How far a text has been read. */
class Scan {
  /** What ends the text of several lines that is being read. */
  #end: '"""' | "'''" | undefined
  /** Brackets that are open. */
  #depth = 0

  get isOutside(): boolean {
    return this.#end === undefined && this.#depth === 0
  }

  read(line: string): void {
    let at = 0
    while (at < line.length)
      at = this.#end === undefined ? this.#readCode(line, at) : this.#readText(line, at)
  }

  #readCode(line: string, at: number): number {
    const character = line[at]!
    const three = line.slice(at, at + 3)
    if (three === '"""' || three === "'''") {
      this.#end = three
      return at + 3
    }
    if (character === '#') return line.length
    if (character === '"' || character === "'") return endOfString(line, at)
    if (character === '[' || character === '{') this.#depth++
    // What is closed too often is no TOML, and is told of as such.
    if ((character === ']' || character === '}') && this.#depth > 0) this.#depth--
    return at + 1
  }

  #readText(line: string, at: number): number {
    if (line[at] === '\\' && this.#end === '"""') return at + 2
    if (!line.startsWith(this.#end!, at)) return at + 1
    // Up to two more may belong to what is quoted.
    let end = at + 3
    while (end < at + 5 && line[end] === line[at]) end++
    this.#end = undefined
    return end
  }
}

function endOfString(line: string, start: number): number {
  const quote = line[start]!
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\' && quote === '"') at++
    else if (line[at] === quote) return at + 1
  }
  return line.length
}
