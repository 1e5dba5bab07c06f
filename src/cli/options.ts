import { Option } from 'commander'
import { P2pShareError, parseDuration, parseRate, parseRatio, parseSize } from '../core/index.ts'

/** A flag, or an option whose value is taken as it stands. `<file>` and `<folder>` tell completions what to offer. */
export function option(flags: string, description: string): Option {
  return new Option(flags, description)
}

/** An option that may be given several times; in the environment its values stand apart by white space. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description} (may be repeated)`).argParser(
    (value: string, earlier: string[] | undefined) => [...(earlier ?? []), value],
  )
}

/** Whether the option collects values, as {@link repeatable} makes them. */
export function isRepeatable({ description }: Option): boolean {
  return description.endsWith('(may be repeated)')
}

/** An option that takes one of the words. */
export function choice(flags: string, description: string, words: readonly string[]): Option {
  const listed = listOf(words)
  const result = new Option(flags, `${description} (${listed})`)
  result.argParser((value: string) => {
    if (words.includes(value)) return value
    throw invalid(result, value, listed)
  })
  result.argChoices = [...words]
  return result
}

/** `500K`, `2MB/s`: bytes per second. */
export function rate(flags: string, description: string): Option {
  return parsed(flags, description, parseRate)
}

/** `256K`: bytes. */
export function size(flags: string, description: string): Option {
  return parsed(flags, description, parseSize)
}

/** `2h30m`: milliseconds. */
export function duration(flags: string, description: string): Option {
  return parsed(flags, description, parseDuration)
}

/** A ratio, zero or above. */
export function ratio(flags: string, description: string): Option {
  return parsed(flags, description, parseRatio)
}

/** A whole number within bounds. */
export function wholeNumber(flags: string, description: string, least: number, most: number): Option {
  const result = new Option(flags, description)
  return result.argParser((value: string) => {
    const number = Number(value)
    if (/^\d{1,15}$/.test(value) && number >= least && number <= most) return number
    throw invalid(result, value, `a whole number from ${least} to ${most}`)
  })
}

/** A port; 0 is any free one. */
export function port(): Option {
  return wholeNumber('--port <port>', 'listen on this port, or 0 for any free one', 0, 65_535)
}

/** `one, two or three`. */
function listOf(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1')
}

function parsed(flags: string, description: string, parse: (text: string, name: string) => number): Option {
  const result = new Option(flags, description)
  return result.argParser((value: string) => parse(value, result.long ?? flags))
}

function invalid(option: Option, value: string, expected: string): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `${option.long}: "${value.slice(0, 100)}" is not ${expected}`,
  )
}
