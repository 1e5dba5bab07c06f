import type { DescribedOption, DescribedVerb, ValueKind } from './command-line.ts'

/** A script for fish 3 or newer. */
export function fishScript(verbs: readonly DescribedVerb[]): string {
  const lines = [
    '# fish completion for p2pshare',
    'complete -c p2pshare -f',
    'complete -c p2pshare -n __fish_use_subcommand -s h -l help -d "print help"',
    'complete -c p2pshare -n __fish_use_subcommand -s V -l version -d "print the version"',
    ...verbs.flatMap(verbLines),
  ]
  return lines.join('\n')
}

function verbLines({ name, summary, options, argument }: DescribedVerb): string[] {
  const within = `complete -c p2pshare -n '__fish_seen_subcommand_from ${name}'`
  return [
    `complete -c p2pshare -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...(argument === 'any' ? [] : [`${within} ${offer(argument)}`]),
    ...options.map(option => `${within} ${optionWords(option)}`),
  ]
}

function optionWords({ names, summary, value }: DescribedOption): string {
  const words = names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const takes = value === undefined ? [] : [value === 'any' ? '-x' : `-r ${offer(value)}`]
  return [...words, ...takes, `-d ${quote(summary)}`].join(' ')
}

function offer(value: Exclude<ValueKind, 'any'>): string {
  if (value === 'file') return '-F'
  if (value === 'folder') return `-f -a '(__fish_complete_directories)'`
  return `-f -a '${value.join(' ')}'`
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
