import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { P2pShareError, parseDuration, parseRate, parseRatio, parseSize } from '../../core/index.ts'
import { parseSlowHours } from '../schedule/slow-hours.ts'
import { readListenAddress } from './listen-address.ts'

/** What a person may write into one value: longer ones are a mistake. */
export const text = z.string().max(1_000)

/** A number, or text such as `500K` that is read as the command line reads it. */
function measured(parse: (text: string, name: string) => number) {
  return z.union([z.number(), text]).transform(readBy(parse))
}

/** What a reader of ours makes of a value, or what it says is wrong with it. */
function readBy<Value>(parse: (text: string, name: string) => Value) {
  return (value: string | number, context: z.core.$RefinementCtx) => {
    try {
      return parse(String(value), 'the value')
    } catch (error) {
      if (!(error instanceof P2pShareError)) throw error
      context.addIssue({ code: 'custom', message: error.message.replace(/^the value: /, '') })
      return z.NEVER
    }
  }
}

const path = text.transform((value, context) => {
  if (value === '~' || value.startsWith('~/')) return join(homedir(), value.slice(1))
  if (isAbsolute(value)) return value
  context.addIssue({
    code: 'custom',
    message: `"${value}" is no absolute path: write it whole, or from ~ on`,
  })
  return z.NEVER
})

const address = text.transform((value, context) => {
  const address = readListenAddress(value)
  if (address) return address
  context.addIssue({ code: 'custom', message: `"${value}" is no address: write it as 127.0.0.1:8481` })
  return z.NEVER
})

const duration = measured(parseDuration)

/** @param longest as a person writes it */
function durationUpTo(longest: string) {
  const mostMs = parseDuration(longest, longest)
  return duration.refine(value => value <= mostMs, { message: `takes no more than ${longest}` })
}

/** The kinds of values in the box's file. */
export const kinds = {
  path,
  address,
  duration,
  durationUpTo,
  rate: measured(parseRate),
  ratio: measured(parseRatio),
  size: measured(parseSize),
  flag: z.boolean(),
  hours: text.transform(readBy(parseSlowHours)),
  strings: z.array(text).max(1_000),
  whole: (least: number, most: number) => z.int().min(least).max(most),
} as const
