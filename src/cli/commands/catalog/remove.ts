import type { Command } from 'commander'
import type { Catalog } from '../../../catalog/index.ts'
import { P2pShareError, visibleName } from '../../../core/index.ts'
import { nameOf } from '../../catalog-facts.ts'
import { findListing, withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { option } from '../../options.ts'

interface RemoveFlags {
  from?: string
}

export const remove: CliCommand<RemoveFlags> = {
  examples: [
    ['p2pshare catalog remove 12', 'take a listing out of your only catalog'],
    ['p2pshare catalog remove 12 13 --from "Zoo clips"', 'out of the one that is named'],
  ],
  define(command: Command) {
    command
      .argument('<listing...>', 'listings of anybody, by number or id')
      .addOption(option('--from <catalog>', 'the catalog of yours (default: the only one)'))
  },
  async run({ env, printer, args, flags }) {
    await withCatalog(env, async catalog => {
      const from = flags.from === undefined ? await onlyOwn(catalog) : await catalog.find(flags.from)
      for (const word of args) {
        const { id, title } = await findListing(catalog, word)
        await catalog.remove(id, String(from.number))
        printer.event('removed', { id, title, from: from.name, link: from.link })
        printer.result(`"${visibleName(title)}" is out of ${nameOf(from)}`)
      }
    })
    printer.note('Those who follow learn of it once your catalog is up: p2pshare catalog sync --watch')
  },
}

async function onlyOwn(catalog: Catalog) {
  const own = (await catalog.catalogs()).filter(({ isOwn }) => isOwn)
  if (own.length === 1) return own[0]!
  throw new P2pShareError(
    'ERR_USAGE',
    own.length === 0
      ? 'You have no catalog'
      : `Say --from which of your catalogs: ${own.map(nameOf).join(', ')}`,
  )
}
