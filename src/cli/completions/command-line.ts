import type { Command, Option } from 'commander'

/** What may stand as a value: files, folders, one of a few words, or anything. */
export type ValueKind = 'file' | 'folder' | 'any' | readonly string[]

export interface DescribedOption {
  /** `--out` and where there is one `-o`. */
  readonly names: readonly string[]
  readonly summary: string
  /** `undefined` for a flag. */
  readonly value: ValueKind | undefined
}

export interface DescribedVerb {
  /** The words that lead to it: `get`, `catalog ls`. */
  readonly path: string
  readonly summary: string
  readonly options: readonly DescribedOption[]
  /** What its arguments are. */
  readonly argument: ValueKind
}

/** Words of which one comes next. */
export interface DescribedGroup {
  /** The words that lead to it; empty for the verbs themselves. */
  readonly path: string
  readonly words: readonly { readonly word: string; readonly summary: string }[]
}

/** The command line as completion scripts need it. */
export interface DescribedProgram {
  /** The outermost first. */
  readonly groups: readonly DescribedGroup[]
  readonly verbs: readonly DescribedVerb[]
}

const help: DescribedOption = { names: ['--help', '-h'], summary: 'print help', value: undefined }
const helpSummary = 'print help of a command'

export function describeProgram(program: Command): DescribedProgram {
  const groups: DescribedGroup[] = []
  const verbs: DescribedVerb[] = []
  const walk = (parent: Command, path: string): void => {
    const words = parent.commands.map(command => ({ word: command.name(), summary: command.summary() }))
    groups.push({ path, words: path === '' ? [...words, { word: 'help', summary: helpSummary }] : words })
    for (const command of parent.commands) {
      const own = path === '' ? command.name() : `${path} ${command.name()}`
      if (command.commands.length > 0) walk(command, own)
      else verbs.push(describeVerb(command, own))
    }
  }
  walk(program, '')
  const names = program.commands.map(command => command.name())
  return { groups, verbs: [...verbs, { path: 'help', summary: helpSummary, options: [], argument: names }] }
}

function describeVerb(command: Command, path: string): DescribedVerb {
  return {
    path,
    summary: command.summary(),
    options: [...command.options.filter(({ hidden }) => !hidden).map(describeOption), help],
    argument: argumentOf(command),
  }
}

function describeOption(option: Option): DescribedOption {
  const names = [option.long, option.short].filter(name => name !== undefined)
  return { names, summary: option.description, value: valueKindOf(option) }
}

function valueKindOf(option: Option): ValueKind | undefined {
  if (!option.required) return undefined
  if (option.argChoices) return option.argChoices
  if (option.flags.includes('<file>')) return 'file'
  return option.flags.includes('<folder>') ? 'folder' : 'any'
}

/** Arguments are files but for those that are called something else. */
function argumentOf(command: Command): ValueKind {
  const [argument] = command.registeredArguments
  if (!argument) return 'any'
  if (argument.argChoices) return argument.argChoices
  return notFiles.has(argument.name()) ? 'any' : 'file'
}

const notFiles = new Set(['words', 'catalog', 'listing', 'name', 'source', 'submission', 'who', 'link'])
