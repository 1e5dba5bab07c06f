import type { Command } from 'commander'
import type { Catalog } from '../../../catalog/index.ts'
import type { Swarm } from '../../../swarm/index.ts'
import { tellSynced } from '../../catalog-facts.ts'
import { withCatalog } from '../../catalog-session.ts'
import { defineSyncing, type SyncingFlags, showSyncing, watchCatalogs } from '../../catalog-syncing.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../../network-options.ts'
import { withSwarm } from '../../network-session.ts'

interface AddFlags extends NetworkFlags, SyncingFlags {}

export const add: CliCommand<AddFlags> = {
  examples: [
    ["p2pshare catalog add 'magnet:?xs=urn:btpk:…'", 'follow a catalog by its link, and fetch it'],
    ['p2pshare catalog add https://zoo.example.org --watch', 'follow a web site’s, and help to spread it'],
  ],
  define(command: Command) {
    command.argument('<source>', 'its link, its key of 64 digits, or the address of its web site')
    defineSyncing(command)
    defineNetwork(command)
    defineLimits(command)
  },
  async run(invocation) {
    const { env, flags } = invocation
    await withSwarm(env, flags, swarm =>
      withCatalog(env, catalog => follow(catalog, swarm, invocation), { swarm }),
    )
  },
}

async function follow(
  catalog: Catalog,
  swarm: Swarm,
  { env, printer, args, flags }: Invocation<AddFlags>,
): Promise<void> {
  const [source = ''] = args
  const before = (await catalog.catalogs()).length
  const followed = await showSyncing('The catalog', flags, env, printer, options =>
    catalog.follow(source, options),
  ).catch(async (error: unknown) => {
    if ((await catalog.catalogs()).length > before)
      printer.note('It is followed, and not here yet: p2pshare catalog sync tries again')
    throw error
  })
  tellSynced(followed.catalog, followed.result, printer)
  if (flags.watch) await watchCatalogs(catalog, swarm, env, printer)
  printer.note('To search it: p2pshare search <words>; later: p2pshare catalog sync')
}
