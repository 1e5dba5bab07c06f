import type { BoxClient, BoxStatus, TransferView } from '../../../box/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { type Env, isLive } from '../../env.ts'
import { formatCount, formatDuration, formatRate } from '../../format.ts'
import { formatTable } from '../../table.ts'
import { transferCells, transferHeadings } from '../../transfer-table.ts'

const everyMs = 1_000
const plainRows = 20
/** Above the table, and below it the line of the prompt. */
const otherRows = 4
const home = '\u001b[H'
const clearLine = '\u001b[K'
const clearBelow = '\u001b[J'
const clearAll = '\u001b[2J'

export const top: CliCommand = {
  examples: [
    ['p2pshare box top', 'what goes on, anew every second, until Ctrl-C'],
    ['p2pshare box top | head', 'what goes on now'],
  ],
  define() {},
  async run({ env, printer }) {
    await withBox(env, async box => {
      const isOnce = printer.isJson || !isLive(env.stdout, env)
      if (!isOnce) return watch(box, env)
      const { status, transfers } = await look(box, plainRows, env.signal)
      for (const transfer of transfers) printer.event('transfer', { ...transfer })
      printer.result(await textOf(status, transfers, env))
    })
  },
}

interface Seen {
  readonly status: BoxStatus
  readonly transfers: readonly TransferView[]
}

/** @returns never but by what ends it */
async function watch(box: BoxClient, env: Env): Promise<never> {
  const { stdout, clock, signal } = env
  stdout.write(clearAll)
  for (;;) {
    const rows = Math.max(3, (stdout.rows ?? 24) - otherRows)
    const { status, transfers } = await look(box, rows, signal)
    const lines = (await textOf(status, transfers, env)).split('\n')
    stdout.write(`${home}${lines.map(line => `${line}${clearLine}\n`).join('')}${clearBelow}`)
    await clock.wait(everyMs, signal)
  }
}

async function look(box: BoxClient, limit: number, signal: AbortSignal): Promise<Seen> {
  const [status, transfers] = await Promise.all([
    box.status({ signal }),
    box.transfers({ sort: 'rate', limit, signal }),
  ])
  return { status, transfers }
}

async function textOf(status: BoxStatus, transfers: readonly TransferView[], env: Env): Promise<string> {
  const parts = [
    formatCount(status.transfers, 'transfer'),
    formatCount(status.peers, 'peer'),
    `down ${formatRate(status.downloadBytesPerSecond)}`,
    `up ${formatRate(status.uploadBytesPerSecond)}`,
    `since ${formatDuration(status.uptimeSeconds * 1000)}`,
  ]
  const table = await formatTable(transferHeadings, transfers.map(transferCells), env.stdout, env)
  return `${parts.join(', ')}\n\n${table}`
}
