import { catalogFacts, nameOf } from '../../catalog-facts.ts'
import { withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { fitWidth } from '../../display-width.ts'
import { formatTable } from '../../table.ts'

const nameColumns = 36

export const ls: CliCommand = {
  examples: [
    ['p2pshare catalog ls', 'your catalogs and those that you follow'],
    ['p2pshare catalog ls --json | jq -r .link', 'the links that others follow them by'],
  ],
  define() {},
  async run({ env, printer }) {
    const catalogs = await withCatalog(env, catalog => catalog.catalogs())
    for (const catalog of catalogs) printer.event('catalog', catalogFacts(catalog))
    if (catalogs.length === 0)
      return printer.note('No catalog yet: p2pshare catalog add <link> follows one, catalog create makes one')
    const rows = catalogs.map(catalog => [
      `${catalog.number}`,
      fitWidth(nameOf(catalog), nameColumns),
      catalog.isOwn ? 'yours' : 'followed',
      `${catalog.listingCount}`,
      catalog.problem === undefined ? (catalog.syncedAt?.toISOString().slice(0, 10) ?? 'never') : 'problem',
    ])
    printer.result(await formatTable(['>#', 'Name', 'Whose', '>Listings', 'Updated'], rows, env.stdout, env))
    printer.note('The link of one, and what is wrong: p2pshare catalog show <number>')
  },
}
