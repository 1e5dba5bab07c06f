import type { Command } from 'commander'
import type { CatalogInfo } from '../../../catalog/index.ts'
import { P2pShareError } from '../../../core/index.ts'
import { agree } from '../../agreement.ts'
import { nameOf } from '../../catalog-facts.ts'
import { withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import type { Env } from '../../env.ts'
import { formatCount } from '../../format.ts'
import { option } from '../../options.ts'

interface RmFlags {
  yes?: boolean
}

export const rm: CliCommand<RmFlags> = {
  examples: [
    ['p2pshare catalog rm "Zoo clips"', 'follow it no longer'],
    ['p2pshare catalog rm 3 4 --yes', 'two at once, by their numbers, without being asked'],
  ],
  define(command: Command) {
    command
      .argument('<catalog...>', 'by name, number, link or key')
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run({ env, printer, args, flags }) {
    await withCatalog(env, async catalog => {
      const chosen = new Map<number, CatalogInfo>()
      for (const word of args) {
        const found = await catalog.find(word)
        chosen.set(found.number, found)
      }
      if (!flags.yes) await agreeToForget([...chosen.values()], env)
      for (const one of chosen.values()) {
        await catalog.unfollow(String(one.number))
        printer.event('removed', { number: one.number, name: one.name, link: one.link })
        printer.result(`${nameOf(one)} is forgotten`)
      }
    })
  },
}

/** An own catalog takes more than a yes in passing; one that is followed can be had again. */
async function agreeToForget(catalogs: readonly CatalogInfo[], env: Env): Promise<void> {
  const own = catalogs.find(({ isOwn }) => isOwn)
  if (own)
    throw new P2pShareError(
      'ERR_USAGE',
      `${nameOf(own)} is yours: with it ${formatCount(own.listingCount, 'listing')} here would be lost, and nobody would keep it up for those who follow it. Say --yes to forget it all the same, and catalog export first to be able to bring it back`,
    )
  const names = catalogs.map(nameOf).join(', ')
  await agree({ question: `Forget ${names}?`, refusal: 'Nothing is forgotten' }, false, env)
}
