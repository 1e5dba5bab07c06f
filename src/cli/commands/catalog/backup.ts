import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { P2pShareError } from '../../../core/index.ts'
import { withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { type DatabaseFlags, databaseLocation, defineDatabase } from '../../database-option.ts'

export const backup: CliCommand<DatabaseFlags> = {
  examples: [
    ['p2pshare catalog backup catalogs.db', 'a copy of all that you follow and publish'],
    ['p2pshare catalog backup site.db --db /srv/zoo/catalog.db', 'of a web site, while it runs'],
  ],
  define(command: Command) {
    command.argument('<file>', 'a new file')
    defineDatabase(command)
  },
  async run({ env, printer, args, flags }) {
    const path = resolve(env.cwd, args[0] ?? '')
    const isTaken = await access(path).then(
      () => true,
      () => false,
    )
    if (isTaken) throw new P2pShareError('ERR_TARGET_EXISTS', `${path} exists already: name a new file`)
    const database = databaseLocation(flags, env)
    await withCatalog(env, catalog => catalog.database.backup(path), { database })
    printer.event('backup', { path })
    printer.result(path)
    printer.note('Your key is not in it: p2pshare catalog identity export')
  },
}
