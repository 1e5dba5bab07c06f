import prettyBytes from 'pretty-bytes'

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)
const minuteMs = 60_000
const ages = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

export function formatSize(sizeBytes: number): string {
  return prettyBytes(sizeBytes)
}

/** `1 file`, `2,000 files`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** `3 May 2026`, of the day in UTC. */
export function formatDate(time: string | Date): string {
  const date = new Date(time)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`
}

/** `5 minutes ago`, in the largest unit that fits. */
export function formatAge(time: Date, now: Date): string {
  const minutes = Math.round((time.getTime() - now.getTime()) / minuteMs)
  if (Math.abs(minutes) < 60) return minutes === 0 ? 'just now' : ages.format(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 48 ? ages.format(hours, 'hour') : ages.format(Math.round(hours / 24), 'day')
}

/** `3:05`, `1:02:33`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000)
  const two = (number: number) => String(number).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** `Brazilian Portuguese`; a tag that is not known stays as it is. */
export function formatLanguage(tag: string): string {
  try {
    return languages.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** What stands where nothing can keep its direction apart, as in a title bar: without characters that turn the text around. */
export function plainText(text: string): string {
  return text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}
