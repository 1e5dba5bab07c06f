import type { DescribedOption, DescribedVerb, ValueKind } from './command-line.ts'

/** A script for zsh, to be put into a folder of `fpath` or read with `source`. */
export function zshScript(verbs: readonly DescribedVerb[]): string {
  const listed = verbs.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}`).join('\n')
  return `#compdef p2pshare
_p2pshare() {
  local -a verbs=(
${listed}
  )
  local curcontext="$curcontext" state line
  _arguments -C '(- *)'{-h,--help}'[print help]' '(- *)'{-V,--version}'[print the version]' '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe command verbs ;;
    rest)
      case $words[1] in
${verbs.map(verbCase).join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = _p2pshare ]; then _p2pshare "$@"; else compdef _p2pshare p2pshare; fi`
}

function verbCase({ name, options, argument }: DescribedVerb): string {
  const specs = [...options.flatMap(optionSpecs), quote(`*:${action(argument)}`)]
  return `        ${name}) _arguments -s ${specs.join(' ')} ;;`
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
