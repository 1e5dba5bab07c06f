import type { Command } from 'commander'
import type { BoxClient, TransferView } from '../../../box/index.ts'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import { transferFacts } from '../../box-transfer-facts.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

export const show: CliCommand = {
  examples: [['p2pshare box show 3', 'all about one transfer']],
  define(command: Command) {
    command.argument('<transfer...>', byReference)
  },
  async run({ env, printer, args }) {
    await withBox(env, async box => {
      for (const reference of args) {
        const view = await box.transfer(reference, { signal: env.signal })
        printer.event('transfer', { ...view })
        if (printer.isJson) continue
        const before = await countBefore(view, box, env.signal)
        for (const [label, value] of transferFacts(view, before))
          if (value !== undefined) printer.result(`${label.padEnd(10)} ${visibleName(value)}`)
      }
    })
  },
}

/** How many wait for their turn before it; those that fetch and those that seed stand in lines of their own. */
async function countBefore(
  { id, state, doneAt }: TransferView,
  box: BoxClient,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (state !== 'queued') return undefined
  const queued = await box.transfers({ state, sort: 'queue', signal })
  const line = queued.filter(one => (one.doneAt === undefined) === (doneAt === undefined))
  const before = line.findIndex(one => one.id === id)
  return before < 0 ? undefined : before
}
