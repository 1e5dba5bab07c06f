import { visibleName } from '../../../core/index.ts'
import { signInNote, withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { formatCount, formatDuration, formatRate, formatSize } from '../../format.ts'
import { formatFacts } from '../../table.ts'

export const status: CliCommand = {
  examples: [
    ['p2pshare box status', 'what runs, how fast, and where'],
    ['p2pshare box status --json | jq .freeBytes', 'for a script'],
  ],
  define() {},
  async run({ env, printer }) {
    const { found, signIn } = await withBox(env, async box => ({
      found: await box.status({ signal: env.signal }),
      signIn: await signInNote(box, { env, printer }),
    }))
    printer.event('status', { ...found })
    if (printer.isJson) return
    const states = Object.entries(found.states).map(([state, count]) => `${count} ${state}`)
    const { uploadLimit, downloadLimit, dhtNodes, freeBytes } = found
    const facts: (readonly [string, string | undefined])[] = [
      ['Page', found.url],
      ['Up for', formatDuration(found.uptimeSeconds * 1000)],
      ['Transfers', [`${found.transfers}`, ...states].join(', ')],
      ['Peers', `${found.peers}`],
      ['Down', rateOf(found.downloadBytesPerSecond, downloadLimit)],
      ['Up', rateOf(found.uploadBytesPerSecond, uploadLimit)],
      ['Hours', hoursOf(found)],
      ['Port', `${found.port}`],
      ['DHT', dhtNodes === undefined ? 'off' : formatCount(dhtNodes, 'node')],
      ['Downloads', found.downloads],
      ['Free there', freeBytes === undefined ? undefined : formatSize(freeBytes)],
      ['Version', found.version],
    ]
    printer.result(await formatFacts(facts, env.stdout, env))
    if (signIn !== undefined) printer.note(signIn)
    for (const { message, transfers } of found.notices) {
      const count = transfers > 0 ? ` (${formatCount(transfers, 'transfer')})` : ''
      printer.note(`${message.split('\n').map(visibleName).join('\n  ')}${count}`)
    }
  },
}

/** Nothing where the settings have no slow hours. */
function hoursOf({
  isSlow,
  hoursChangeAt,
}: {
  isSlow: boolean
  hoursChangeAt?: string | undefined
}): string | undefined {
  if (hoursChangeAt === undefined) return isSlow ? 'slow at all hours' : undefined
  return `${isSlow ? 'slow' : 'usual'} until ${new Date(hoursChangeAt).toLocaleString('sv')}`
}

function rateOf(bytesPerSecond: number, limit: number | null): string {
  return limit === null
    ? formatRate(bytesPerSecond)
    : `${formatRate(bytesPerSecond)} of at most ${formatRate(limit)}`
}
