import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import {
  fileSystemError,
  type Metainfo,
  P2pShareError,
  parseMetainfo,
  readTorrent,
} from '../../core/index.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import { printFolder, printMagnet, printMedia, printTorrent } from '../descriptions.ts'
import { isIdentifier, readIdentifier } from '../read-input.ts'

export const info: CliCommand = {
  examples: [
    ['p2pshare info trip.torrent', 'name, sizes, hashes, trackers and files of a torrent'],
    ["p2pshare info 'magnet:?xt=urn:btih:…'", 'what a magnet link says, without asking anyone'],
    ['p2pshare info IMG_2041.jpg', 'date, camera, dimensions and position of a photo'],
    ['p2pshare create trip -o - | p2pshare info - --json', 'a torrent from stdin, for a script'],
  ],
  define(command: Command) {
    command.argument('<what...>', 'torrent, magnet link, photo, video or folder; - for stdin')
  },
  async run(invocation) {
    for (const [index, word] of invocation.args.entries()) {
      if (index > 0) invocation.printer.result('')
      await tell(word, invocation)
    }
  },
}

async function tell(word: string, { env, printer }: Invocation): Promise<void> {
  const input = await readIdentifier(word, env)
  if (typeof input !== 'string') return printTorrent(parseMetainfo(input), env, printer)
  if (/^https?:/i.test(input))
    throw new P2pShareError(
      'ERR_INVALID_IDENTIFIER',
      `${input}: info asks nobody; use get --list, or download it first`,
    )
  if (isIdentifier(input)) return printMagnet(input, env, printer)
  const found = await stat(input).catch((error: unknown) => {
    throw fileSystemError(error, input, 'read')
  })
  if (found.isDirectory()) return printFolder(input, env, printer)
  const metainfo = await torrentAt(input, env.signal)
  return metainfo ? printTorrent(metainfo, env, printer) : printMedia(input, found.size, env, printer)
}

/** The torrent in a file, or nothing where the file is not even called one. */
async function torrentAt(path: string, signal: AbortSignal): Promise<Metainfo | undefined> {
  return path.toLowerCase().endsWith('.torrent') ? readTorrent(path, { signal }) : undefined
}
