import type { Command } from 'commander'
import { P2pShareError } from '../core/index.ts'
import type { CliCommand } from './cli-command.ts'
import { defineSite, SiteClient, type SiteFlags } from './site-client.ts'

/** A command that blocks, or takes back a block of, publishers and e-mail addresses on a site. */
export function blocking(
  action: 'block' | 'unblock',
  done: string,
  examples: CliCommand['examples'],
): CliCommand<SiteFlags> {
  return {
    examples,
    define(command: Command) {
      command.argument('<who...>', 'public keys of publishers, or e-mail addresses')
      defineSite(command)
    },
    async run({ env, printer, args, flags }) {
      const bodies = args.map(readWho)
      const site = await SiteClient.open(flags, env)
      for (const [index, body] of bodies.entries()) {
        await site.send('POST', action, body)
        printer.event(`${action}ed`, body)
        printer.result(`${args[index]} is ${done}`)
      }
    },
  }
}

function readWho(word: string): { publisher: string } | { email: string } {
  if (/^[0-9a-f]{64}$/i.test(word)) return { publisher: word.toLowerCase() }
  if (/^[^\s@]+@[^\s@]+$/.test(word)) return { email: word }
  throw new P2pShareError(
    'ERR_USAGE',
    `"${word.slice(0, 100)}" is neither a public key of 64 hexadecimal digits nor an e-mail address`,
  )
}
