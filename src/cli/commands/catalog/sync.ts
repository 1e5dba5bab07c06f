import type { Command } from 'commander'
import type { Catalog, CatalogInfo } from '../../../catalog/index.ts'
import { nameOf, tellSynced } from '../../catalog-facts.ts'
import { withCatalog } from '../../catalog-session.ts'
import { defineSyncing, type SyncingFlags, showSyncing, watchCatalogs } from '../../catalog-syncing.ts'
import type { CliCommand, Invocation } from '../../cli-command.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../../network-options.ts'
import { withSwarm } from '../../network-session.ts'

interface SyncFlags extends NetworkFlags, SyncingFlags {}

export const sync: CliCommand<SyncFlags> = {
  examples: [
    ['p2pshare catalog sync', 'fetch what is new in every catalog that you follow'],
    ['p2pshare catalog sync "Zoo clips" --timeout 2m', 'only in one; give up after two silent minutes'],
    ['p2pshare catalog sync --watch', 'stay up: follow, seed what you have, and keep your own found'],
  ],
  define(command: Command) {
    command.argument('[catalog...]', 'by name, number, link or key (default: all)')
    defineSyncing(command)
    defineNetwork(command)
    defineLimits(command)
  },
  async run(invocation) {
    const { env, printer, flags } = invocation
    await withSwarm(env, flags, swarm =>
      withCatalog(
        env,
        async catalog => {
          if (flags.watch) await watchCatalogs(catalog, swarm, env, printer)
          else await syncAll(catalog, invocation)
        },
        { swarm },
      ),
    )
  },
}

/** One catalog's failing does not keep the others from being brought up to date. */
async function syncAll(
  catalog: Catalog,
  { env, printer, args, flags }: Invocation<SyncFlags>,
): Promise<void> {
  const chosen: CatalogInfo[] = []
  for (const word of args) chosen.push(await catalog.find(word))
  const followed = (args.length > 0 ? chosen : await catalog.catalogs()).filter(({ isOwn }) => !isOwn)
  if (followed.length === 0)
    return printer.note('No catalog is followed here: p2pshare catalog add <link> follows one')
  const faults: unknown[] = []
  for (const one of followed) {
    const reference = String(one.number)
    try {
      const [result] = await showSyncing(nameOf(one), flags, env, printer, options =>
        catalog.sync(reference, options),
      )
      tellSynced(await catalog.find(reference), result!, printer)
    } catch (error) {
      env.signal.throwIfAborted()
      faults.push(error)
      if (followed.length > 1) printer.note(`${nameOf(one)}: ${(error as Error).message}`)
    }
  }
  if (faults.length > 0) throw faults[0]
}
