import type { Command } from 'commander'
import type { CliCommand } from '../../../cli-command.ts'
import { type DatabaseFlags, defineDatabase } from '../../../database-option.ts'
import { withModerators } from './with-moderators.ts'

export const rm: CliCommand<DatabaseFlags> = {
  examples: [['p2pshare catalog moderator rm Ada', 'the token is worth nothing from now on']],
  define(command: Command) {
    command.argument('<name>', 'as moderator ls names them')
    defineDatabase(command)
  },
  async run({ env, printer, args, flags }) {
    const name = args[0] ?? ''
    await withModerators(env, flags, moderators => moderators.remove(name))
    printer.event('moderator-removed', { name })
    printer.note(`${name} is signed out everywhere, and cannot sign in any more`)
  },
}
