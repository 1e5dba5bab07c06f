import { resolve } from 'node:path'
import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'

export const move: CliCommand = {
  examples: [['p2pshare box move 3 /mnt/films', 'put its files into that folder, and go on there']],
  define(command: Command) {
    command
      .argument('<transfer>', 'by number, info-hash or name')
      .argument('<folder>', 'where to; made where it is missing')
  },
  async run({ env, printer, args }) {
    const [reference = '', folder = ''] = args
    const moving = withBox(env, box => box.move(reference, resolve(env.cwd, folder), { signal: env.signal }))
    const { id, name, path } = await moving
    printer.event('moved', { id, name, path })
    printer.result(`${visibleName(name)} is at ${path}`)
  },
}
