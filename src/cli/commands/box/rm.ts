import type { Command } from 'commander'
import { P2pShareError, visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { canAsk } from '../../env.ts'
import { option } from '../../options.ts'
import { Prompt } from '../../prompt.ts'

interface RmFlags {
  data?: boolean
  yes?: boolean
}

export const rm: CliCommand<RmFlags> = {
  examples: [
    ['p2pshare box rm 3', 'forget a transfer; its files stay'],
    ['p2pshare box rm 3 --data --yes', 'and delete the files that it wrote, without being asked'],
  ],
  define(command: Command) {
    command
      .argument('<transfer...>', 'by number, info-hash or name')
      .addOption(option('--data', 'delete the files too that it wrote; those that are only shared stay'))
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run({ env, printer, args, flags }) {
    await withBox(env, async box => {
      const { signal } = env
      for (const reference of args) {
        const { id, name } = await box.transfer(reference, { signal })
        const question = flags.data
          ? `Forget ${visibleName(name)} and delete its files?`
          : `Forget ${visibleName(name)}?`
        if (!flags.yes && canAsk(env) && !(await new Prompt(env).confirm(question)))
          throw new P2pShareError('ERR_USAGE', 'Nothing is forgotten')
        const left = await box.remove(String(id), { data: flags.data === true, signal })
        printer.event('removed', { id, name, left })
        printer.result(`${visibleName(name)} is forgotten`)
        for (const path of left)
          printer.note(`Left, for it was changed since or is not ours: ${visibleName(path)}`)
      }
    })
  },
}
