import type { Command } from 'commander'
import type { CliCommand } from '../../../cli-command.ts'
import { type DatabaseFlags, defineDatabase } from '../../../database-option.ts'
import { withModerators } from './with-moderators.ts'

export const add: CliCommand<DatabaseFlags> = {
  examples: [
    ['p2pshare catalog moderator add Ada', 'prints the token that Ada signs in with, this once'],
    ['p2pshare catalog moderator add Ada --db /srv/zoo/catalog.db', 'of a site with a database of its own'],
  ],
  define(command: Command) {
    command.argument('<name>', 'as the log names who decided')
    defineDatabase(command)
  },
  async run({ env, printer, args, flags }) {
    const { moderator, token } = await withModerators(env, flags, moderators => moderators.add(args[0] ?? ''))
    printer.event('moderator', { name: moderator.name, createdAt: moderator.createdAt, token })
    printer.result(token)
    printer.note(`${moderator.name} signs in with it; it is not shown again`)
  },
}
