import type { DescribedGroup, DescribedProgram, DescribedVerb, ValueKind } from './command-line.ts'

/** A script for bash 3.2 or newer that needs nothing else: no bash-completion, no start of Node at every Tab. */
export function bashScript({ groups, verbs }: DescribedProgram): string {
  const nested = groups.filter(({ path }) => path !== '').map(({ path }) => quote(path))
  return `# bash completion for p2pshare
_p2pshare() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  local verb= word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && continue
    verb="\${verb:+$verb }$word"
    case $verb in ${nested.join('|')}) ;; *) break ;; esac
  done
  COMPREPLY=()
  case $verb in
${groups.map(groupCase).join('\n')}
  esac
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

function groupCase({ path, words }: DescribedGroup): string {
  const offered = [...words.map(({ word }) => word), '--help', ...(path === '' ? ['--version'] : [])]
  return `    ${quote(path)}) COMPREPLY=($(compgen -W '${offered.join(' ')}' -- "$current")); return ;;`
}

function valueCases({ path, options }: DescribedVerb): string {
  return options
    .flatMap(({ names, value }) => {
      if (value === undefined) return []
      const patterns = names.map(option => quote(`${path} ${option}`)).join('|')
      return `    ${patterns}) ${offer(value)}; return ;;`
    })
    .join('\n')
}

function optionCase({ path, options }: DescribedVerb): string {
  const names = options.flatMap(option => option.names).join(' ')
  return `      ${quote(path)}) COMPREPLY=($(compgen -W '${names}' -- "$current")) ;;`
}

function argumentCase({ path, argument }: DescribedVerb): string {
  return `    ${quote(path)}) ${offer(argument)} ;;`
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

function quote(path: string): string {
  return `'${path}'`
}
