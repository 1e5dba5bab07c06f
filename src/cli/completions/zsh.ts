import type {
  DescribedGroup,
  DescribedOption,
  DescribedProgram,
  DescribedVerb,
  ValueKind,
} from './command-line.ts'

/** A script for zsh, to be put into a folder of `fpath` or read with `source`. */
export function zshScript({ groups, verbs }: DescribedProgram): string {
  const isGroup = new Set(groups.map(({ path }) => path))
  const byPath = new Map(verbs.map(verb => [verb.path, verb]))
  const functions = groups.map(group => {
    const cases = group.words.map(({ word }) => {
      const path = below(group, word)
      return `        ${word}) ${isGroup.has(path) ? functionOf(path) : callOf(byPath.get(path)!)} ;;`
    })
    return groupFunction(group, cases)
  })
  return `#compdef p2pshare
${functions.join('\n')}
if [ "$funcstack[1]" = _p2pshare ]; then _p2pshare "$@"; else compdef _p2pshare p2pshare; fi`
}

function groupFunction({ path, words }: DescribedGroup, cases: readonly string[]): string {
  const listed = words.map(({ word, summary }) => `    ${quote(`${word}:${summary}`)}`).join('\n')
  const version = path === '' ? ` '(- *)'{-V,--version}'[print the version]'` : ''
  return `${functionOf(path)}() {
  local -a verbs=(
${listed}
  )
  local curcontext="$curcontext" state line
  _arguments -C '(- *)'{-h,--help}'[print help]'${version} '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe command verbs ;;
    rest)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}`
}

function functionOf(path: string): string {
  return ['_p2pshare', ...path.split(' ').filter(Boolean)].join('_')
}

function below({ path }: DescribedGroup, word: string): string {
  return path === '' ? word : `${path} ${word}`
}

function callOf({ options, argument }: DescribedVerb): string {
  const specs = [...options.flatMap(optionSpecs), quote(`*:${action(argument)}`)]
  return `_arguments -s ${specs.join(' ')}`
}

function optionSpecs({ names, summary, value }: DescribedOption): string[] {
  const text = summary.replaceAll(/[[\]\\]/g, '\\$&')
  const suffix = value === undefined ? '' : `:${action(value)}`
  return names.map(name => quote(`*${name}[${text}]${suffix}`))
}

function action(value: ValueKind): string {
  switch (value) {
    case 'any':
      return 'value: '
    case 'file':
      return 'file:_files'
    case 'folder':
      return 'folder:_files -/'
    default:
      return `value:(${value.join(' ')})`
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
