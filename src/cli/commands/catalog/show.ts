import type { Command } from 'commander'
import { P2pShareError } from '../../../core/index.ts'
import { catalogFacts, formatCatalog } from '../../catalog-facts.ts'
import { findListing, isListingId, withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatListing, listingFacts } from '../../listing-table.ts'
import { repeatable } from '../../options.ts'

interface ShowFlags {
  listing?: string[]
}

export const show: CliCommand<ShowFlags> = {
  examples: [
    ['p2pshare catalog show "Zoo clips"', 'the link, the key and the state of a catalog'],
    ['p2pshare catalog show --listing 12', 'all that the listing with this number says'],
  ],
  define(command: Command) {
    command
      .argument('[catalog...]', 'by name, number, link or key; a listing by its id')
      .addOption(repeatable('--listing <listing>', 'a listing, by its number or id'))
  },
  async run({ env, printer, args, flags }) {
    const listings = [...args.filter(isListingId), ...(flags.listing ?? [])]
    const catalogs = args.filter(word => !isListingId(word))
    if (listings.length + catalogs.length === 0)
      throw new P2pShareError('ERR_USAGE', 'Say what to show: a catalog, or --listing and its number')
    await withCatalog(env, async catalog => {
      const texts: string[] = []
      for (const word of catalogs) {
        const found = await catalog.find(word)
        printer.event('catalog', catalogFacts(found))
        texts.push(await formatCatalog(found, env))
      }
      for (const word of listings) {
        const found = await findListing(catalog, word)
        printer.event('listing', listingFacts(found))
        texts.push(await formatListing(found, env))
      }
      printer.result(texts.join('\n\n'))
    })
  },
}
