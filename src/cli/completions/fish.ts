import type {
  DescribedGroup,
  DescribedOption,
  DescribedProgram,
  DescribedVerb,
  ValueKind,
} from './command-line.ts'

/** A script for fish 3 or newer. */
export function fishScript({ groups, verbs }: DescribedProgram): string {
  const nested = groups.map(({ path }) => quote(path)).join(' ')
  const lines = [
    '# fish completion for p2pshare',
    `function __p2pshare_at
  set -l path ''
  for word in (commandline -opc)[2..-1]
    string match -q -- '-*' $word; and continue
    set path (string trim "$path $word")
    contains -- $path ${nested}; or break
  end
  test "$path" = "$argv[1]"
end`,
    'complete -c p2pshare -f',
    `complete -c p2pshare -n '__p2pshare_at ""' -s h -l help -d "print help"`,
    `complete -c p2pshare -n '__p2pshare_at ""' -s V -l version -d "print the version"`,
    ...groups.flatMap(groupLines),
    ...verbs.flatMap(verbLines),
  ]
  return lines.join('\n')
}

function groupLines({ path, words }: DescribedGroup): string[] {
  return words.map(({ word, summary }) => `${at(path)} -a ${word} -d ${quote(summary)}`)
}

function verbLines({ path, options, argument }: DescribedVerb): string[] {
  return [
    ...(argument === 'any' ? [] : [`${at(path)} ${offer(argument)}`]),
    ...options.map(option => `${at(path)} ${optionWords(option)}`),
  ]
}

function at(path: string): string {
  return `complete -c p2pshare -n '__p2pshare_at "${path}"'`
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
