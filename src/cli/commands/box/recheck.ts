import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

export const recheck: CliCommand = {
  examples: [['p2pshare box recheck 3', 'look whether everything on disk is as it should be']],
  define(command: Command) {
    command.argument('<transfer...>', byReference)
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const reference of args) {
        const { id, name } = await box.transfer(reference, { signal: env.signal })
        await box.recheck(`${id}`, { signal: env.signal })
        printer.event('checking', { id, name })
        printer.result(`${visibleName(name)} is checked`)
      }
    })
  },
}
