import { Argument, type Command } from 'commander'
import type { CliCommand } from '../cli-command.ts'
import { type DescribedProgram, describeProgram } from '../completions/command-line.ts'

const shells = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof shells)[number]

export const completions: CliCommand = {
  examples: [
    [
      'source <(p2pshare completions bash)',
      'complete in this bash; the same line in ~/.bashrc makes it last',
    ],
    [
      'p2pshare completions zsh > ~/.zsh/completions/_p2pshare',
      'complete in every zsh with that folder in its fpath',
    ],
    ['p2pshare completions fish > ~/.config/fish/completions/p2pshare.fish', 'complete in every fish'],
  ],
  define(command: Command) {
    command.addArgument(new Argument('<shell>', 'the shell that will read the script').choices(shells))
  },
  async run({ printer, args, program }) {
    const shell = args[0] as Shell
    const script = (await scriptOf(shell))(describeProgram(await program()))
    printer.event('completions', { shell, script })
    printer.result(script)
  },
}

async function scriptOf(shell: Shell): Promise<(program: DescribedProgram) => string> {
  switch (shell) {
    case 'bash':
      return (await import('../completions/bash.ts')).bashScript
    case 'zsh':
      return (await import('../completions/zsh.ts')).zshScript
    case 'fish':
      return (await import('../completions/fish.ts')).fishScript
  }
}
