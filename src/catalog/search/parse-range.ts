import { parseSize } from '../../core/index.ts'

/** From `from` on, and below `below`; what is absent does not bound. */
export interface Range {
  readonly from?: number | undefined
  readonly below?: number | undefined
}

/** What one value stands for: a day, a month, a year, a size. */
type ReadSpan = (text: string) => { from: number; below: number } | undefined

const day = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/

/** Bytes: `>100MB`, `<=1G`, `10M..1G`, `10M..`; a bare size means about that, a tenth more or less. */
export function parseSizeRange(text: string): Range | undefined {
  const range = parseRange(text, value => {
    const sizeBytes = sizeOf(value)
    return sizeBytes === undefined ? undefined : { from: sizeBytes, below: sizeBytes + 1 }
  })
  const isBare = range?.from !== undefined && range.below === range.from + 1
  return isBare ? { from: Math.floor(range.from! * 0.9), below: Math.ceil(range.from! * 1.1) + 1 } : range
}

/** Milliseconds: `2026`, `2026-05`, `2026-05-01`, `2026-05..`, `..2026`, `2025..2026-03`, `>2025`; days of UTC. */
export function parseDateRange(text: string): Range | undefined {
  return parseRange(text, spanOfDate)
}

/** Everything that a one-sided range leaves out. */
export function invertRange({ from, below }: Range): Range | undefined {
  if (from !== undefined && below !== undefined) return undefined
  return from === undefined ? { from: below } : { below: from }
}

function parseRange(text: string, read: ReadSpan): Range | undefined {
  const [, sign, value] = /^([<>]=?)(.+)$/.exec(text) ?? []
  if (value !== undefined) {
    const span = read(value)
    if (!span) return undefined
    if (sign === '>') return { from: span.below }
    if (sign === '>=') return { from: span.from }
    return { below: sign === '<' ? span.from : span.below }
  }
  const [first = '', last, ...rest] = text.split('..')
  if (last === undefined) return read(first)
  const [start, end] = [first === '' ? undefined : read(first), last === '' ? undefined : read(last)]
  const isRead = (start || first === '') && (end || last === '') && (start || end) && rest.length === 0
  return isRead ? { from: start?.from, below: end?.below } : undefined
}

function sizeOf(text: string): number | undefined {
  try {
    return parseSize(text, 'size')
  } catch {
    return undefined
  }
}

function spanOfDate(text: string): { from: number; below: number } | undefined {
  const [, year, month, date] = day.exec(text) ?? []
  if (year === undefined || Number(year) < 1970) return undefined
  const from = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(date ?? 1))
  const read = new Date(from)
  const isReal = read.getUTCMonth() === Number(month ?? 1) - 1 && read.getUTCDate() === Number(date ?? 1)
  if (!isReal) return undefined
  if (date !== undefined) read.setUTCDate(read.getUTCDate() + 1)
  else if (month !== undefined) read.setUTCMonth(read.getUTCMonth() + 1)
  else read.setUTCFullYear(read.getUTCFullYear() + 1)
  return { from, below: read.getTime() }
}
