import type { Command } from 'commander'
import type { StoredListing } from '../../../catalog/index.ts'
import { visibleName } from '../../../core/index.ts'
import { agree } from '../../agreement.ts'
import { findListing, withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { option } from '../../options.ts'

interface WithdrawFlags {
  reason?: string
  yes?: boolean
}

export const withdraw: CliCommand<WithdrawFlags> = {
  examples: [
    ['p2pshare catalog withdraw 12', 'take a listing back, by its number'],
    ['p2pshare catalog withdraw 12 --reason "A person asked for it" --yes', 'say why, without being asked'],
  ],
  define(command: Command) {
    command
      .argument('<listing...>', 'listings of yours, by number or id')
      .addOption(option('--reason <text>', 'why, as everybody may read'))
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run({ env, printer, args, flags }) {
    await withCatalog(env, async catalog => {
      const listings = new Map<string, StoredListing>()
      for (const word of args) {
        const found = await findListing(catalog, word)
        listings.set(found.id, found)
      }
      const titles = [...listings.values()].map(({ title }) => `"${visibleName(title)}"`).join(', ')
      const proposal = { question: `Take ${titles} back for good?`, refusal: 'Nothing is taken back' }
      await agree(proposal, flags.yes, env)
      for (const { id, title } of listings.values()) {
        await catalog.withdraw(id, { reason: flags.reason })
        printer.event('withdrawn', { id, title })
        printer.result(`"${visibleName(title)}" is taken back`)
      }
    })
    printer.note('Those who follow learn of it once your catalog is up: p2pshare catalog sync --watch')
  },
}
