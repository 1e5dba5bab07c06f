import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { agree } from '../../agreement.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { tellLeft } from '../../left-files.ts'
import { option } from '../../options.ts'
import { byReference } from '../../transfer-reference.ts'

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
      .argument('<transfer...>', byReference)
      .addOption(option('--data', 'delete the files too that it wrote; those that are only shared stay'))
      .addOption(option('-y, --yes', 'do not ask'))
  },
  async run({ env, printer, args, flags }) {
    const { signal } = env
    const data = flags.data === true
    await withBox(env, async box => {
      const chosen = new Map<number, string>()
      for (const reference of args) {
        const { id, name } = await box.transfer(reference, { signal })
        chosen.set(id, name)
      }
      const names = [...chosen.values()].map(visibleName).join(', ')
      const deletes = data ? `${chosen.size === 1 ? 'its' : 'their'} files` : undefined
      const question = `Forget ${names}${deletes ? ` and delete ${deletes}` : ''}?`
      await agree({ question, refusal: 'Nothing is forgotten', deletes }, flags.yes, env)
      for (const [id, name] of chosen) {
        const left = await box.remove(String(id), { data, signal })
        printer.event('removed', { id, name, ...left })
        printer.result(`${visibleName(name)} is forgotten`)
        tellLeft(left, printer)
      }
    })
  },
}
