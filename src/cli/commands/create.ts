import { resolve } from 'node:path'
import type { Command } from 'commander'
import { createTorrent, magnetLink, P2pShareError } from '../../core/index.ts'
import type { CliCommand } from '../cli-command.ts'
import { type CreationFlags, creationOptions, defineCreation } from '../creation-options.ts'
import { showHashing } from '../hashing.ts'
import { option } from '../options.ts'
import { writeTorrent } from '../torrent-output.ts'

interface CreateFlags extends CreationFlags {
  out?: string
}

export const create: CliCommand<CreateFlags> = {
  examples: [
    ['p2pshare create zoo.avi', 'write zoo.avi.torrent here'],
    [
      'p2pshare create trip -o trip.torrent -a udp://tracker.example.org:6969',
      'an album that names a tracker',
    ],
    ['p2pshare create trip -o - | p2pshare info -', 'look at a torrent without keeping it'],
  ],
  define(command: Command) {
    defineCreation(command)
    command.addOption(
      option('-o, --out <file>', 'write it here, or to stdout for - (default: <name>.torrent)'),
    )
  },
  async run({ env, printer, args, flags }) {
    const isPiped = flags.out === '-'
    if (isPiped && printer.isJson) throw new P2pShareError('ERR_USAGE', '--out - and --json both want stdout')
    const { signal } = env
    const { metainfo, skipped } = await showHashing('', env, printer, onProgress =>
      createTorrent([...args], { ...creationOptions(flags, env.cwd), signal, onProgress }),
    )
    if (isPiped) {
      env.stdout.write(metainfo.bytes)
      return
    }
    const path = resolve(env.cwd, flags.out ?? `${metainfo.name}.torrent`)
    await writeTorrent(path, metainfo, signal)
    const { infoHash, infoHashV2, name, sizeBytes, pieceLength, pieceCount } = metainfo
    const magnet = magnetLink(metainfo)
    printer.event('created', { path, infoHash, infoHashV2, magnet, name, sizeBytes, pieceLength, pieceCount })
    for (const left of skipped) printer.event('skipped', { path: left.path, reason: left.reason })
    printer.result(path)
  },
}
