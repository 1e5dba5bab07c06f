import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readTorrent, visibleName } from '../../../core/index.ts'
import { withBox } from '../../box-session.ts'
import type { CliCommand } from '../../cli-command.ts'
import type { Env } from '../../env.ts'
import { tellKnown } from '../../known-transfer.ts'
import { option, repeatable } from '../../options.ts'
import { isIdentifier } from '../../read-input.ts'

interface AddFlags {
  label?: string[]
  paused?: boolean
  out?: string
  peer?: string[]
}

export const add: CliCommand<AddFlags> = {
  examples: [
    ["p2pshare box add 'magnet:?xt=urn:btih:…'", 'let the box fetch it, and share it on'],
    ['p2pshare box add holiday.torrent --label family', 'from a .torrent file, with a label'],
  ],
  define(command: Command) {
    command
      .argument('<id...>', 'magnet link, info-hash, .torrent file or its address')
      .addOption(repeatable('--label <label>', 'to find it by'))
      .addOption(option('--paused', 'do not begin yet'))
      .addOption(option('--out <folder>', 'where to put it (default: the downloads folder of the settings)'))
      .addOption(repeatable('--peer <host:port>', 'a peer to try at once'))
  },
  async run({ env, printer, args, flags }) {
    await withBox(env, async box => {
      for (const id of args) {
        const { label: labels, paused: isPaused, out, peer: peers } = flags
        const folder = out === undefined ? undefined : resolve(env.cwd, out)
        const what = { ...(await whatToAdd(id, env)), labels, isPaused, folder, peers }
        const view = await box.add(what, { signal: env.signal })
        tellKnown(view, what, printer)
        printer.event('added', { ...view })
        printer.result(`${view.id}  ${visibleName(view.name)}`)
      }
    })
  },
}

/** A path is read here: the box may run in another folder, and as somebody else. */
async function whatToAdd(
  id: string,
  { cwd, signal }: Env,
): Promise<{ id: string } | { torrent: Uint8Array }> {
  if (isIdentifier(id)) return { id }
  return { torrent: (await readTorrent(resolve(cwd, id), { signal })).bytes }
}
