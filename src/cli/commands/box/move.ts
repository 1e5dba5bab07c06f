import { resolve } from 'node:path'
import type { Command } from 'commander'
import { visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import { waitForBox } from '../../box-work.ts'
import type { CliCommand } from '../../cli-command.ts'
import { byReference } from '../../transfer-reference.ts'

export const move: CliCommand = {
  examples: [['p2pshare box move 3 /mnt/films', 'put its files into that folder, and go on there']],
  define(command: Command) {
    command.argument('<transfer>', byReference).argument('<folder>', 'where to; made where it is missing')
  },
  async run({ env, printer, args }) {
    const [reference = '', folder = ''] = args
    const to = resolve(env.cwd, folder)
    const { id, name, path } = await withBox(env, box =>
      waitForBox({ env, printer }, `p2pshare box show ${reference} tells where it is`, options =>
        box.move(reference, to, options),
      ),
    )
    printer.event('moved', { id, name, path })
    printer.result(`${visibleName(name)} is at ${path}`)
  },
}
