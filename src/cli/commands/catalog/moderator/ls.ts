import { visibleName } from '../../../../core/index.ts'
import type { CliCommand } from '../../../cli-command.ts'
import { type DatabaseFlags, defineDatabase } from '../../../database-option.ts'
import { formatTable } from '../../../table.ts'
import { withModerators } from './with-moderators.ts'

export const ls: CliCommand<DatabaseFlags> = {
  examples: [['p2pshare catalog moderator ls', 'who may review what is submitted']],
  define: defineDatabase,
  async run({ env, printer, flags }) {
    const all = await withModerators(env, flags, moderators => moderators.list())
    for (const { name, createdAt, usedAt } of all) printer.event('moderator', { name, createdAt, usedAt })
    if (printer.isJson) return
    const day = (date: Date | undefined) => date?.toISOString().slice(0, 10) ?? 'never'
    const rows = all.map(({ name, createdAt, usedAt }) => [visibleName(name), day(createdAt), day(usedAt)])
    if (rows.length === 0) printer.note('Nobody yet: the site makes the first one when it starts')
    else printer.result(await formatTable(['Name', 'Since', 'Last seen'], rows, env.stdout, env))
  },
}
