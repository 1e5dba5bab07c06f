import prettyBytes from 'pretty-bytes'
import prettyMilliseconds from 'pretty-ms'

/** `1.2 MB`. */
export function formatSize(sizeBytes: number): string {
  return prettyBytes(sizeBytes)
}

/** `16 KiB`: what is a power of two. */
export function formatBinarySize(sizeBytes: number): string {
  return prettyBytes(sizeBytes, { binary: true })
}

/** `1.2 MB/s`. */
export function formatRate(bytesPerSecond: number): string {
  return `${prettyBytes(Math.round(bytesPerSecond))}/s`
}

/** `at most 1.2 MB/s`, or that there is no limit, which is `null`. */
export function formatLimit(limit: number | null): string {
  return limit === null ? 'without limit' : `at most ${formatRate(limit)}`
}

/** `2h 30m`: the two largest units, whole seconds. */
export function formatDuration(durationMs: number): string {
  const options = { unitCount: 2, secondsDecimalDigits: 0 }
  return durationMs < 1000 ? '<1s' : prettyMilliseconds(durationMs, options)
}

/** `1 file`, `12 files`, `2,000 files`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** A bar of `width` cells for a part between 0 and 1. */
export function formatBar(part: number, width: number): string {
  const full = Math.round(Math.min(Math.max(part, 0), 1) * width)
  return '█'.repeat(full) + '░'.repeat(width - full)
}
