import { resolve } from 'node:path'
import type { Command } from 'commander'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'

export const link: CliCommand = {
  examples: [
    ['p2pshare box link ~/Pictures/shared/zoo', 'the link of the album that is shared from there'],
    ['p2pshare box link ~/Pictures/shared', 'the links of everything in it'],
  ],
  define(command: Command) {
    command.argument('<path...>', 'a clip, an album, or a folder of them')
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const path of args) {
        for (const link of await box.links(resolve(env.cwd, path), { signal: env.signal })) {
          printer.event('link', { ...link })
          printer.result(link.magnet)
        }
      }
    })
  },
}
