import type { Command, Option } from 'commander'
import { P2pShareError } from '../core/index.ts'
import type { Env } from './env.ts'
import { isRepeatable } from './options.ts'

const yes = new Set(['1', 'true', 'yes', 'on'])
const no = new Set(['', '0', 'false', 'no', 'off'])

/** Of options that are called as another command's, and take something else. */
const ownVariables: Readonly<Record<string, string>> = { '--watch <folder>': 'P2PSHARE_WATCH_FOLDERS' }

/** The environment variable that stands for an option: `--dht-bootstrap` is `P2PSHARE_DHT_BOOTSTRAP`. */
export function variableOf(option: Option): string {
  const name = (option.long ?? '').replace(/^--/, '').replaceAll('-', '_').toUpperCase()
  return ownVariables[option.flags] ?? `P2PSHARE_${name}`
}

/** Whether its variable is another than its name has one expect. */
export function hasOwnVariable({ flags }: Option): boolean {
  return Object.hasOwn(ownVariables, flags)
}

/** Whether a variable switches something on. */
export function isYes(text: string | undefined): boolean {
  return yes.has(text?.trim().toLowerCase() ?? '')
}

/**
 * Sets the options that were not given on the command line from the environment.
 *
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT` naming the variable
 */
export function applyEnvironment(command: Command, variables: Env['variables']): void {
  for (const option of command.options) {
    const text = variables[variableOf(option)]
    const name = option.attributeName()
    if (text === undefined || command.getOptionValueSource(name) === 'cli') continue
    const value = readValue(option, text)
    if (value !== undefined) command.setOptionValueWithSource(name, value, 'env')
  }
}

function readValue(option: Option, text: string): unknown {
  if (!option.required) return readFlag(option, text)
  if (text === '') return isRepeatable(option) ? [] : undefined
  try {
    if (isRepeatable(option)) return text.split(/\s+/).filter(Boolean)
    return option.parseArg ? option.parseArg(text, undefined) : text
  } catch (error) {
    if (!(error instanceof P2pShareError)) throw error
    throw new P2pShareError(error.code, `${error.message} (from ${variableOf(option)})`, { cause: error })
  }
}

function readFlag(option: Option, text: string): boolean | undefined {
  if (isYes(text)) return !option.negate
  if (no.has(text.trim().toLowerCase())) return undefined
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `${variableOf(option)}: "${text.slice(0, 100)}" is neither 1 nor 0`,
  )
}
