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
  readonly name: string
  readonly summary: string
  readonly options: readonly DescribedOption[]
  /** What its arguments are. */
  readonly argument: ValueKind
}

/** The command line as completion scripts need it. */
export function describeProgram(program: Command): DescribedVerb[] {
  const verbs = program.commands.map(command => ({
    name: command.name(),
    summary: command.summary(),
    options: [...command.options.map(describeOption), help],
    argument: argumentOf(command),
  }))
  const names = verbs.map(({ name }) => name)
  return [...verbs, { name: 'help', summary: 'print help of a command', options: [], argument: names }]
}

const help: DescribedOption = { names: ['--help', '-h'], summary: 'print help', value: undefined }

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

function argumentOf(command: Command): ValueKind {
  const [argument] = command.registeredArguments
  if (!argument) return 'any'
  return argument.argChoices ?? 'file'
}
