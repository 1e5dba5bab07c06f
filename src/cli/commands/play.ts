import type { Command } from 'commander'
import {
  type ListedFile,
  listFiles,
  type Metainfo,
  P2pShareError,
  selectFiles,
  visibleName,
} from '../../core/index.ts'
import type { Playback, Swarm, Transfer } from '../../swarm/index.ts'
import { listingMagnet } from '../catalog-session.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import { defineFetching, type FetchFlags, fetchOptions } from '../fetch-options.ts'
import { watchFetching } from '../fetching.ts'
import { formatSize } from '../format.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../network-options.ts'
import { withSwarm } from '../network-session.ts'
import { option, wholeNumber } from '../options.ts'
import { type Player, startPlayer } from '../player.ts'
import { readIdentifier } from '../read-input.ts'
import { defineSeeding, keepSeeding, type SeedingFlags } from '../seeding.ts'

interface PlayFlags extends NetworkFlags, SeedingFlags, FetchFlags {
  open?: boolean
  player?: string
  httpPort?: number
  seed: boolean
}

/** After so long without a reader nobody watches any more. */
const idleMs = 60_000
const lookEveryMs = 500

export const play: CliCommand<PlayFlags> = {
  examples: [
    ["p2pshare play 'magnet:?xt=urn:btih:…' --open", 'watch the largest video while it is fetched'],
    ['p2pshare play trip.torrent 7 --player mpv', 'watch file 7 of it in mpv'],
    ['p2pshare play 12 "*.mp3"', 'print the address of the largest recording, for a player of your own'],
    ['p2pshare play trip.torrent --no-seed', 'stop once all is here and nobody has watched for a minute'],
  ],
  define(command: Command) {
    command
      .argument(
        '<id>',
        'magnet link, info-hash, number or id of a listing, .torrent file, its http(s) address, or -',
      )
      .argument('[file]', 'number or name of the file (default: the largest video, recording or picture)')
      .addOption(option('--open', 'open it with what this system has for it'))
      .addOption(option('--player <program>', 'open it with this program'))
      .addOption(
        wholeNumber('--http-port <port>', 'serve it at this port of 127.0.0.1 (default: any)', 0, 65_535),
      )
    defineFetching(command)
    command.addOption(option('--no-seed', 'stop once everything is here and nobody watches any more'))
    defineNetwork(command)
    defineLimits(command)
    defineSeeding(command)
  },
  async run(invocation) {
    const { env, args, flags } = invocation
    const [word = '', choice] = args
    const id = (await listingMagnet(word, env)) ?? (await readIdentifier(word, env))
    await withSwarm(env, flags, swarm => playFrom(swarm, id, choice, invocation))
  },
}

async function playFrom(
  swarm: Swarm,
  id: Uint8Array | string,
  choice: string | undefined,
  { env, printer, flags }: Invocation<PlayFlags>,
): Promise<void> {
  const now = () => env.clock.monotonicMs()
  const startMs = now()
  const { Playback } = await loadSwarm()
  let chosen: Promise<ListedFile> | undefined
  const chosenOf = (metainfo: Metainfo) => {
    chosen ??= choosePlayable(metainfo, choice)
    return chosen
  }
  let index = 0
  const transfer = await swarm.get(id, {
    ...fetchOptions(env, flags),
    prepare: async metainfo => {
      index = (await chosenOf(metainfo)).index
    },
    select: (_, at) => at === index,
  })
  await watchFetching([transfer], it => it.metadata(), flags.timeout, env, printer)
  const metainfo = await transfer.metadata()
  const one = await chosenOf(metainfo)
  await using playback = await Playback.start({ transfer, port: flags.httpPort, now })
  const url = playback.urlOf(one.index)
  const { path, sizeBytes } = one.file
  printer.event('playing', {
    ...{ url, infoHash: transfer.infoHash, number: one.number, path, sizeBytes },
    ...{ pageUrl: playback.url, playlistUrl: playback.playlistUrl },
  })
  printer.result(url)
  printer.note(`Playing ${visibleName(path)} (${formatSize(sizeBytes)}); all files: ${playback.url}`)
  const player = await openPlayer(url, flags, env, text => printer.note(text))
  await watchFetching([transfer], it => it.finished(), flags.timeout, env, printer)
  const seconds = Math.round(now() - startMs) / 1000
  const whole = transfer.stats().sizeBytes
  printer.event('done', { infoHash: transfer.infoHash, path: transfer.path, sizeBytes: whole, seconds })
  if (!flags.seed) return untilNobodyWatches(transfer, playback, player, env)
  printer.note('Everything is here; seeding on, so that others can fetch it too, until Ctrl-C')
  await keepSeeding([transfer], flags, env, printer)
}

// In a function of its own: the compiler leaves the path as it is where `await using` is in the same one.
function loadSwarm() {
  return import('../../swarm/index.ts')
}

async function choosePlayable(metainfo: Metainfo, choice: string | undefined): Promise<ListedFile> {
  const { bestPlayable } = await loadSwarm()
  const listed = listFiles(metainfo.files)
  const named = choice === undefined ? undefined : selectFiles(metainfo.files, [choice])
  const candidates = named ? listed.filter(({ index }) => named.has(index)) : listed
  const best = (await bestPlayable(candidates)) ?? (named ? candidates[0] : undefined)
  if (best) return best
  throw new P2pShareError(
    'ERR_NO_SUCH_FILE',
    `${metainfo.name} holds no video, recording or picture: name the file to open`,
  )
}

async function openPlayer(
  url: string,
  { open, player }: PlayFlags,
  env: Invocation['env'],
  note: (text: string) => void,
): Promise<Player | undefined> {
  if (player !== undefined) return startPlayer(url, player, env)
  if (!open) return undefined
  try {
    return await startPlayer(url, undefined, env)
  } catch (error) {
    note((error as Error).message)
    return undefined
  }
}

/** Ends with the player where it is ours, else a minute after the last byte was read. */
async function untilNobodyWatches(
  transfer: Transfer,
  playback: Playback,
  player: Player | undefined,
  { clock, signal }: Invocation['env'],
): Promise<void> {
  while (transfer.state !== 'failed' && !player?.hasEnded && playback.idleMs < idleMs) {
    await clock.wait(lookEveryMs, signal)
  }
}
