import type { BoxClient, BoxStatus, TransferView } from '../../../box/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { fitWidth } from '../../display-width.ts'
import { type Env, isLive } from '../../env.ts'
import { formatCount, formatDuration, formatRate } from '../../format.ts'
import { untilQuit } from '../../quit-key.ts'
import { formatTransfers } from '../../transfer-table.ts'

const everyMs = 1_000
const plainRows = 20
/** Above the table, and below it the line of the prompt. */
const otherRows = 4
const home = '\u001b[H'
const clearLine = '\u001b[K'
const clearBelow = '\u001b[J'
/** A screen of its own without a cursor, so that what was there comes back; and that again. */
const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'

export const top: CliCommand = {
  examples: [
    ['p2pshare box top', 'what goes on, anew every second, until q or Ctrl-C'],
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

async function watch(box: BoxClient, env: Env): Promise<void> {
  env.stdout.write(enter)
  try {
    await untilQuit(env, signal => redraw(box, env, signal))
  } finally {
    env.stdout.write(leave)
  }
}

/** @returns never but by what ends it */
async function redraw(box: BoxClient, env: Env, signal: AbortSignal): Promise<never> {
  const { stdout, clock } = env
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
  const table = await formatTransfers(transfers, env.stdout, env)
  return `${fitWidth(parts.join(', '), env.stdout.columns ?? 80)}\n\n${table}`
}
