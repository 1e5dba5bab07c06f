import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { option, repeatable } from '../../options.ts'
import { byReference } from '../../transfer-reference.ts'

interface LabelFlags {
  add?: string[]
  drop?: string[]
  none?: boolean
}

export const label: CliCommand<LabelFlags> = {
  examples: [
    ['p2pshare box label 3 --add family --add zoo', 'two labels more'],
    ['p2pshare box label 3 4 --drop zoo', 'one less'],
    ['p2pshare box label 3', 'which it has'],
  ],
  define(command: Command) {
    command
      .argument('<transfer...>', byReference)
      .addOption(repeatable('--add <label>', 'put this label on'))
      .addOption(repeatable('--drop <label>', 'take this label off'))
      .addOption(option('--none', 'take all labels off first'))
  },
  async run({ env, printer, args, flags }) {
    const { signal } = env
    const { add = [], drop = [], none } = flags
    await withBox(env, async box => {
      for (const reference of args) {
        const before = await box.transfer(reference, { signal })
        const kept = none ? [] : before.labels.filter(word => !drop.includes(word))
        const wanted = [...new Set([...kept, ...add])]
        const isSame = wanted.join('\n') === before.labels.join('\n')
        const { id, name, labels } = isSame
          ? before
          : await box.change(`${before.id}`, { labels: wanted }, { signal })
        printer.event('labelled', { id, name, labels })
        printer.result(`${visibleName(name)}: ${labels.join(', ') || 'no label'}`)
      }
    })
  },
}
