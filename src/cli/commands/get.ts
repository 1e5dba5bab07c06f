import { resolve } from 'node:path'
import type { Command } from 'commander'
import {
  listFiles,
  type Metainfo,
  P2pShareError,
  parseMetainfo,
  readTorrent,
  visibleName,
} from '../../core/index.ts'
import type { GetOptions, Swarm, Transfer } from '../../swarm/index.ts'
import { defineHandover, type HandoverFlags, handOverTorrent, refuseWithBox } from '../box-handover.ts'
import { withBox } from '../box-session.ts'
import { listingMagnet } from '../catalog-session.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import type { Env } from '../env.ts'
import { defineFetching, type FetchFlags, fetchOptions } from '../fetch-options.ts'
import { watchFetching } from '../fetching.ts'
import { printFiles } from '../file-list.ts'
import { formatCount, formatDuration, formatSize } from '../format.ts'
import { tellKnown } from '../known-transfer.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../network-options.ts'
import { withSwarm } from '../network-session.ts'
import { choice, option, repeatable } from '../options.ts'
import type { Printer } from '../printer.ts'
import { isIdentifier, readIdentifier } from '../read-input.ts'
import { defineSeeding, keepSeeding, type SeedingFlags } from '../seeding.ts'

interface GetFlags extends NetworkFlags, SeedingFlags, FetchFlags, HandoverFlags {
  list?: boolean
  select?: string[]
  seed: boolean
  overwrite?: 'never' | 'resume'
}

export const get: CliCommand<GetFlags> = {
  examples: [
    [
      "p2pshare get 'magnet:?xt=urn:btih:…' -o films",
      'fetch into the folder films, then seed on until Ctrl-C',
    ],
    ['p2pshare get 12 --box', 'let the box that runs here fetch it'],
    ['p2pshare get 12', 'fetch what p2pshare search lists as number 12'],
    ['p2pshare get trip.torrent --list', 'see what is in it, with numbers'],
    ['p2pshare get trip.torrent -s 1,4-9 -s "*.mp4" --no-seed', 'fetch some of it and stop'],
    [
      'curl -s https://example.org/trip.torrent | p2pshare get - --timeout 2m',
      'give up after two silent minutes',
    ],
  ],
  define(command: Command) {
    command
      .argument(
        '<id...>',
        'magnet link, info-hash, number or id of a listing, .torrent file, http(s) address of one, or - for stdin',
      )
      .addOption(option('-l, --list', 'only list the files'))
      .addOption(repeatable('-s, --select <files>', 'fetch only these: 3, 2-5, 7-, "*.jpg", "!*.mov"'))
    defineFetching(command)
    command
      .addOption(option('--no-seed', 'stop as soon as everything is here'))
      .addOption(choice('--overwrite <when>', 'with files of an earlier run', ['resume', 'never']))
    defineHandover(command)
    defineNetwork(command)
    defineLimits(command)
    defineSeeding(command)
  },
  async run(invocation) {
    const { env, args, flags } = invocation
    if (flags.select && args.length > 1)
      throw new P2pShareError('ERR_USAGE', '--select chooses files of one torrent: fetch several one by one')
    const ids: (Uint8Array | string)[] = []
    for (const word of args) ids.push((await listingMagnet(word, env)) ?? (await readIdentifier(word, env)))
    if (flags.box) await handOver(ids, invocation)
    else if (flags.list) await list(ids, invocation)
    else await withSwarm(env, flags, swarm => fetchAll(ids, swarm, invocation))
  },
}

/** The box reads no paths: it may run as somebody else. */
async function handOver(
  ids: readonly (Uint8Array | string)[],
  { env, printer, flags }: Invocation<GetFlags>,
): Promise<void> {
  refuseWithBox({
    '--list': flags.list === true,
    '--no-seed': !flags.seed,
    '--announce': flags.announce !== undefined,
    '--allow-private': flags.allowPrivate === true,
    '--overwrite': flags.overwrite !== undefined,
  })
  await withBox(env, async box => {
    for (const id of ids) {
      const isPath = typeof id === 'string' && !isIdentifier(id)
      const what = isPath ? (await readTorrent(id, { signal: env.signal })).bytes : id
      const view = await handOverTorrent(box, what, flags, env)
      const folder = flags.out === undefined ? undefined : resolve(env.cwd, flags.out)
      tellKnown(view, { peers: flags.peer, folder }, printer)
      printer.event('added', { ...view })
      printer.result(`${view.id}  ${visibleName(view.name)}`)
    }
  })
}

async function fetchAll(
  ids: readonly (Uint8Array | string)[],
  swarm: Swarm,
  { env, printer, flags }: Invocation<GetFlags>,
): Promise<void> {
  const startMs = env.clock.monotonicMs()
  const transfers: Transfer[] = []
  for (const id of ids) {
    const transfer = await swarm.get(id, { ...getOptions(env, flags), select: flags.select })
    if (!transfers.includes(transfer)) transfers.push(transfer)
  }
  for (const transfer of transfers) tellProgress(transfer, startMs, env, printer)
  await watchFetching(transfers, transfer => transfer.finished(), flags.timeout, env, printer)
  if (!flags.seed) return
  printer.note('Seeding on, so that others can fetch it too, until Ctrl-C')
  await keepSeeding(transfers, flags, env, printer)
}

function tellProgress(transfer: Transfer, startMs: number, env: Env, printer: Printer): void {
  const { infoHash } = transfer
  const onMetadata = (metainfo: Metainfo) => {
    const { name, sizeBytes } = metainfo
    const fileCount = listFiles(metainfo.files).length
    printer.event('metadata', { infoHash, name, sizeBytes, fileCount })
    printer.note(
      `Fetching ${visibleName(name)} (${formatCount(fileCount, 'file')}, ${formatSize(sizeBytes)})`,
    )
  }
  const onFinished = () => {
    const { sizeBytes } = transfer.stats()
    const tookMs = env.clock.monotonicMs() - startMs
    const path = transfer.path ?? ''
    printer.event('done', { infoHash, path, sizeBytes, seconds: Math.round(tookMs) / 1000 })
    printer.note(`Done: ${formatSize(sizeBytes)} in ${formatDuration(tookMs)}`)
    printer.result(path)
  }
  transfer.metadata().then(onMetadata, () => {})
  transfer.finished().then(onFinished, () => {})
}

async function list(ids: readonly (Uint8Array | string)[], invocation: Invocation<GetFlags>): Promise<void> {
  const { env, printer, flags } = invocation
  for (const id of ids) {
    if (typeof id !== 'string') await printFiles(parseMetainfo(id), env, printer)
    else if (!isIdentifier(id)) await printFiles(await readTorrent(id, { signal: env.signal }), env, printer)
    else await withSwarm(env, flags, swarm => listFromPeers(id, swarm, invocation))
  }
}

async function listFromPeers(
  id: string,
  swarm: Swarm,
  { env, printer, flags }: Invocation<GetFlags>,
): Promise<void> {
  const transfer = await swarm.get(id, { ...getOptions(env, flags), select: () => false })
  await watchFetching([transfer], it => it.metadata(), flags.timeout, env, printer)
  await printFiles(await transfer.metadata(), env, printer)
}

function getOptions(env: Env, flags: GetFlags): GetOptions {
  return { ...fetchOptions(env, flags), overwrite: flags.overwrite }
}
