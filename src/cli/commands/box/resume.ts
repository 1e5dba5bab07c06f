import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

export const resume: CliCommand = {
  examples: [['p2pshare box resume 3', 'let it go on, also one that failed or has given enough']],
  define(command: Command) {
    command.argument('<transfer...>', byReference)
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const reference of args) {
        await box.resume(reference, { signal: env.signal })
        const { id, name } = await box.transfer(reference, { signal: env.signal })
        printer.event('resumed', { id, name })
        printer.result(`${visibleName(name)} goes on`)
      }
    })
  },
}
