import type { Command } from 'commander'
import { P2pShareError, visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

const places = ['top', 'up', 'down', 'bottom'] as const
const outcomes = {
  top: 'goes before all others',
  up: 'is moved up',
  down: 'is moved down',
  bottom: 'goes after all others',
} as const

export const queue: CliCommand = {
  examples: [
    ['p2pshare box queue 3 top', 'fetch it before all others'],
    ['p2pshare box queue 3 down', 'let the next one go first'],
  ],
  define(command: Command) {
    command.argument('<transfer>', byReference).argument('<place>', 'top, up, down or bottom')
  },
  async run({ env, printer, args }) {
    const [reference = '', word = ''] = args
    const place = places.find(one => one === word)
    if (!place)
      throw new P2pShareError('ERR_USAGE', `"${word.slice(0, 100)}" is no place: say top, up, down or bottom`)
    const { id, name, queuePlace } = await withBox(env, box =>
      box.change(reference, { queue: place }, { signal: env.signal }),
    )
    printer.event('queued', { id, name, queuePlace })
    printer.result(`${visibleName(name)} ${outcomes[place]}`)
  },
}
