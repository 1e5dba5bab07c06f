import { P2pShareError } from './errors.ts'

const sizePattern = /^(\d{1,16}(?:\.\d{1,9})?)\s*([kmgtp]?)(i?b)?$/i
const durationPattern = /^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|s|m|h|d))+$/
const durationPart = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g
const numberPattern = /^\d{1,9}(?:\.\d{1,9})?$/

const powers = ['', 'k', 'm', 'g', 't', 'p']
const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a size in bytes as a person writes it. `K`, `M`, `G`, `T`, `P` and `KiB`, `MiB` … count in 1024s; `kB`, `MB` …
 * in 1000s; a bare number is bytes. Fractions are allowed and rounded to whole bytes.
 *
 * @param name what the size is for, as it stands in the error: `--piece-size`
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for anything else, or past 2^53
 * @example
 * parseSize('256K', '--piece-size') // 262144
 * parseSize('1.5MB', '--piece-size') // 1500000
 */
export function parseSize(text: string, name: string): number {
  const sizeBytes = readSize(text)
  if (sizeBytes !== undefined) return sizeBytes
  throw invalid(name, text, 'a size', '256K, 1.5MB or 4096')
}

function readSize(text: string): number | undefined {
  const [, digits, prefix = '', suffix = ''] = sizePattern.exec(text.trim()) ?? []
  const isBinary = suffix === '' || suffix.length === 2
  const isKnown = digits !== undefined && !(prefix === '' && suffix.length === 2)
  const sizeBytes = isKnown
    ? Math.round(Number(digits) * (isBinary ? 1024 : 1000) ** powers.indexOf(prefix.toLowerCase()))
    : Number.NaN
  return Number.isSafeInteger(sizeBytes) ? sizeBytes : undefined
}

/**
 * Reads a rate: a size a second, with or without `/s`. Zero is refused, because it would mean nothing at all to one
 * reader and no limit to another.
 *
 * @returns bytes per second
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`
 * @example
 * parseRate('500K', '--upload-limit') // 512000
 */
export function parseRate(text: string, name: string): number {
  const bytesPerSecond = readSize(text.trim().replace(/\/s$/i, ''))
  if (bytesPerSecond === undefined) throw invalid(name, text, 'a rate', '500K, 2MB/s or 4096')
  if (bytesPerSecond > 0) return bytesPerSecond
  throw invalid(name, text, 'a rate above zero', '500K or 2M; leave it out for no limit')
}

/**
 * Reads a duration: numbers with `ms`, `s`, `m`, `h` or `d` one after another, or a bare number of seconds.
 *
 * @returns milliseconds
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` for anything else, or past 2^53 ms
 * @example
 * parseDuration('2h30m', '--seed-time') // 9000000
 */
export function parseDuration(text: string, name: string): number {
  const compact = text.trim().replaceAll(' ', '').toLowerCase()
  const withUnit = numberPattern.test(compact) ? `${compact}s` : compact
  if (durationPattern.test(withUnit)) {
    let durationMs = 0
    for (const [, digits, unit] of withUnit.matchAll(durationPart))
      durationMs += Number(digits) * unitMs[unit as keyof typeof unitMs]
    if (Math.round(durationMs) <= Number.MAX_SAFE_INTEGER) return Math.round(durationMs)
  }
  throw invalid(name, text, 'a duration', '90s, 10m or 2h30m')
}

/**
 * Reads a share ratio: uploaded bytes over the size, zero or above.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`
 */
export function parseRatio(text: string, name: string): number {
  if (numberPattern.test(text.trim())) return Number(text)
  throw invalid(name, text, 'a ratio', '1 or 2.5')
}

function invalid(name: string, text: string, what: string, examples: string): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `${name}: "${text.slice(0, 100)}" is not ${what}; write it as ${examples}`,
  )
}
