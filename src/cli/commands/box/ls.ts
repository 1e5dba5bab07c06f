import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatTransfers } from '../../transfer-table.ts'

export const ls: CliCommand = {
  examples: [
    ['p2pshare box ls', 'what the box has, and how far each is'],
    ['p2pshare box ls --json | jq -r .magnet', 'the links of all'],
  ],
  define() {},
  async run({ env, printer }) {
    const transfers = await withBox(env, box => box.transfers({ signal: env.signal }))
    for (const transfer of transfers) printer.event('transfer', { ...transfer })
    if (transfers.length === 0) return printer.note('Nothing yet: p2pshare box add <magnet link>')
    printer.result(await formatTransfers(transfers, env.stdout, env))
  },
}
