import type { Command } from 'commander'
import { catalogFacts, nameOf } from '../../catalog-facts.ts'
import { tellExposedKey, withCatalog } from '../../catalog-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { option } from '../../options.ts'

interface CreateFlags {
  description?: string
}

export const create: CliCommand<CreateFlags> = {
  examples: [
    ['p2pshare catalog create "Zoo clips"', 'print the link that others follow it by'],
    ['p2pshare catalog create zoo --description "Clips from the zoo"', 'say what it is about'],
  ],
  define(command: Command) {
    command
      .argument('<name>', 'its name, as others see it')
      .addOption(option('--description <text>', 'what it is about'))
  },
  async run({ env, printer, args, flags }) {
    const [name = ''] = args
    const { description } = flags
    const made = await withCatalog(env, catalog => catalog.create(name, { description }))
    printer.event('catalog', catalogFacts(made))
    printer.result(made.link)
    await tellExposedKey(env, printer)
    printer.note(`To list something in it: p2pshare publish <path…> --to "${nameOf(made)}"`)
  },
}
