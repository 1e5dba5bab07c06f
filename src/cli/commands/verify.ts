import type { Command } from 'commander'
import { P2pShareError, verifyFiles, visibleName } from '../../core/index.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import { formatCount } from '../format.ts'
import { describeHashing } from '../hashing.ts'
import { locateContent } from '../locate-content.ts'
import { readTorrentArgument } from '../read-input.ts'
import { StatusLine } from '../status-line.ts'
import { formatTable } from '../table.ts'
import { type CheckedFile, checkFiles } from '../verify-report.ts'

export const verify: CliCommand = {
  examples: [
    ['p2pshare verify trip.torrent films', 'check films/trip, or films itself where it is the album'],
    ['p2pshare verify zoo.avi.torrent zoo.avi --json', 'check one file, for a script'],
  ],
  define(command: Command) {
    command
      .argument('<torrent>', '.torrent file, or - for stdin')
      .argument('[dir]', 'folder that holds the files, or the file itself (default: the current folder)')
  },
  async run(invocation) {
    const { env, printer, args } = invocation
    const metainfo = await readTorrentArgument(args[0]!, env)
    const resolveFile = await locateContent(metainfo, args[1] ?? '.', env.cwd)
    const status = await StatusLine.open(env, printer)
    const startMs = env.clock.monotonicMs()
    const held = await verifyFiles(metainfo, resolveFile, {
      signal: env.signal,
      onProgress: progress =>
        status.update(describeHashing('Checking', progress, env.clock.monotonicMs() - startMs)),
    }).finally(() => status.close())
    const files = await checkFiles(metainfo, held, resolveFile)
    await print(files, invocation)
    const bad = files.filter(({ status }) => status !== 'ok')
    if (bad.length === 0) return
    const count = `${formatCount(bad.length, 'file')} of ${files.length}`
    throw new P2pShareError(
      'ERR_HASH_MISMATCH',
      `${count} in ${visibleName(metainfo.name)} missing or damaged`,
    )
  },
}

async function print(files: readonly CheckedFile[], { env, printer }: Invocation): Promise<void> {
  for (const file of files) printer.event('file', { ...file })
  if (printer.isJson) return
  const rows = files.map(({ number, path, status, badPieces, pieces }) => {
    const which =
      badPieces > 0 && status !== 'missing' ? ` (${badPieces} of ${formatCount(pieces, 'piece')})` : ''
    return [`${number}`, `${status}${which}`, visibleName(path)]
  })
  printer.result(await formatTable(['>#', 'Status', 'Path'], rows, env.stdout, env))
}
