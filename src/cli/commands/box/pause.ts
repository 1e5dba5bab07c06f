import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

export const pause: CliCommand = {
  examples: [['p2pshare box pause 3', 'nothing is fetched or given of it until it is resumed']],
  define(command: Command) {
    command.argument('<transfer...>', byReference)
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const reference of args) {
        await box.pause(reference, { signal: env.signal })
        const { id, name } = await box.transfer(reference, { signal: env.signal })
        printer.event('paused', { id, name })
        printer.result(`${visibleName(name)} is paused`)
      }
    })
  },
}
