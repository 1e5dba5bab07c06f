import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatSize } from '../../format.ts'

export const show: CliCommand = {
  examples: [['p2pshare box show 3', 'all about one transfer']],
  define(command: Command) {
    command.argument('<transfer...>', 'by number, info-hash or name')
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const reference of args) {
        const view = await box.transfer(reference, { signal: env.signal })
        printer.event('transfer', { ...view })
        const lines: (readonly [string, string | undefined])[] = [
          ['Name', view.name],
          ['State', view.reason === undefined ? view.state : `${view.state}: ${view.reason}`],
          ['Size', `${formatSize(view.sizeBytes)}, ${formatSize(view.haveBytes)} here`],
          ['Given', `${formatSize(view.uploadedBytes)}, ratio ${view.ratio.toFixed(2)}`],
          ['Path', view.path],
          ['Labels', view.labels.join(', ') || undefined],
          ['From', view.origin],
          ['Added', view.addedAt],
          ['Done', view.doneAt],
          ['Info-hash', view.infoHash],
          ['Magnet', view.magnet],
        ]
        for (const [label, value] of lines)
          if (value !== undefined) printer.result(`${label.padEnd(10)} ${visibleName(value)}`)
      }
    })
  },
}
