const steps = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes for a person: `1.2 MB`, `512 B`. */
export function size(bytes) {
  let value = Math.max(0, Number(bytes) || 0)
  let step = 0
  while (value >= 999.5 && step < steps.length - 1) {
    value /= 1000
    step++
  }
  return `${step === 0 || value >= 99.95 ? Math.round(value) : value.toFixed(1)} ${steps[step]}`
}

/** Bytes a second; a dash where nothing moves. */
export function rate(bytesPerSecond) {
  return bytesPerSecond >= 1 ? `${size(bytesPerSecond)}/s` : '–'
}

/** What is there of a whole, never 100 % before all of it is. */
export function percent(have, whole) {
  if (!(whole > 0)) return '–'
  const share = (have / whole) * 100
  if (share >= 100) return '100 %'
  return `${share < 10 && share > 0 ? (Math.floor(share * 10) / 10).toFixed(1) : Math.floor(share)} %`
}

export function ratio(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : (value || 0).toFixed(2)
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`
}

/** Seconds in at most two units: `2 h 5 min`. */
export function duration(seconds) {
  if (!(seconds >= 0) || seconds === Infinity) return '–'
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} days`
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** An ISO time or milliseconds, as a date and a time of day. */
export function when(time) {
  return write(moment, time)
}

export function timeOfDay(time) {
  return write(clock, time)
}

export function dateOf(time) {
  return write(date, time)
}

export function dayOf(time) {
  return write(day, time)
}

function write(format, time) {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? '–' : format.format(date)
}

/** A stranger's text as it may be shown: what turns its direction or cannot be seen is made visible. */
export function plain(text) {
  return String(text ?? '').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}
