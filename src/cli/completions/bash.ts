import type { DescribedVerb, ValueKind } from './command-line.ts'

/** A script for bash 3.2 or newer that needs nothing else: no bash-completion, no start of Node at every Tab. */
export function bashScript(verbs: readonly DescribedVerb[]): string {
  const names = verbs.map(({ name }) => name).join(' ')
  return `# bash completion for p2pshare
_p2pshare() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  local verb= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word != -* ]] && verb=$word && break
  done
  COMPREPLY=()
  if [[ -z $verb ]]; then
    COMPREPLY=($(compgen -W '${names} --help --version' -- "$current"))
    return
  fi
  case "$verb $previous" in
${verbs.map(valueCases).filter(Boolean).join('\n')}
  esac
  if [[ $current == -* ]]; then
    case $verb in
${verbs.map(optionCase).join('\n')}
    esac
    return
  fi
  case $verb in
${verbs.map(argumentCase).join('\n')}
  esac
}
complete -F _p2pshare p2pshare`
}

function valueCases({ name, options }: DescribedVerb): string {
  return options
    .flatMap(({ names, value }) => {
      if (value === undefined) return []
      const patterns = names.map(option => `'${name} ${option}'`).join('|')
      return `    ${patterns}) ${offer(value)}; return ;;`
    })
    .join('\n')
}

function optionCase({ name, options }: DescribedVerb): string {
  const names = options.flatMap(option => option.names).join(' ')
  return `      ${name}) COMPREPLY=($(compgen -W '${names}' -- "$current")) ;;`
}

function argumentCase({ name, argument }: DescribedVerb): string {
  return `    ${name}) ${offer(argument)} ;;`
}

function offer(value: ValueKind): string {
  switch (value) {
    case 'any':
      return ':'
    case 'file':
    case 'folder': {
      const action = value === 'file' ? '-f' : '-d'
      return `compopt -o filenames 2>/dev/null; local IFS=$'\\n'; COMPREPLY=($(compgen ${action} -- "$current"))`
    }
    default:
      return `COMPREPLY=($(compgen -W '${value.join(' ')}' -- "$current"))`
  }
}
