import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { BoxClient } from '../../box/index.ts'
import { type CreatedTorrent, type SourceFile, scanFiles } from '../../core/index.ts'
import type { Swarm, Transfer } from '../../swarm/index.ts'
import { defineHandover, type HandoverFlags, handOverFiles, offline } from '../box-handover.ts'
import { withBox } from '../box-session.ts'
import { waitForBox } from '../box-work.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import { type CreationFlags, creationOptions, defineCreation } from '../creation-options.ts'
import { type HashProgress, showHashing } from '../hashing.ts'
import { tellCopies, tellLocations } from '../location-notice.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../network-options.ts'
import { withSwarm } from '../network-session.ts'
import { choice, option } from '../options.ts'
import type { Printer } from '../printer.ts'
import { defineSeeding, keepSeeding, type SeedingFlags } from '../seeding.ts'
import { writeTorrent } from '../torrent-output.ts'
import { tellTroubles } from '../trouble-notes.ts'

/** Small albums are looked through for positions before anything is shared; large ones do not hold the link up. */
const locationPatienceMs = 1_000

interface SeedFlags extends CreationFlags, NetworkFlags, SeedingFlags, HandoverFlags {
  out?: string
  location?: 'keep' | 'strip'
  qr?: boolean
}

export const seed: CliCommand<SeedFlags> = {
  examples: [
    ['p2pshare seed zoo.avi', 'share one video; give the printed link to others'],
    ['p2pshare seed "Day 1" "Day 2" --name "Our trip" --location strip', 'share an album without positions'],
    [
      'p2pshare seed trip --include "*.jpg" --upload-limit 500K --seed-time 2h',
      'only the photos, gently, for a while',
    ],
    ['p2pshare seed zoo.avi --box', 'let the box that runs here share it'],
    ['p2pshare seed zoo.avi --json | head -1 | jq -r .magnet', 'the link for a script'],
  ],
  define(command: Command) {
    defineCreation(command)
    command
      .addOption(option('-o, --out <file>', 'write the .torrent to this file too'))
      .addOption(choice('--location <what>', 'positions in photos and videos', ['keep', 'strip']))
      .addOption(option('--qr', 'show the link as a QR code for a phone'))
    defineHandover(command)
    defineNetwork(command)
    defineLimits(command)
    defineSeeding(command)
  },
  async run(invocation) {
    const { env, flags } = invocation
    if (!flags.box) return withSwarm(env, flags, swarm => share(swarm, invocation))
    await withBox(env, box =>
      withSwarm(env, { ...flags, ...offline }, swarm => handOver(box, swarm, invocation)),
    )
  },
}

async function share(swarm: Swarm, invocation: Invocation<SeedFlags>): Promise<void> {
  const { env, printer, flags } = invocation
  const { created } = await create(swarm, invocation, async () => {})
  const { located } = await lookForLocations(created.sources, invocation)
  const transfer = await swarm.share(created)
  printer.result(transfer.magnetLink)
  tellSeeding(transfer, created, swarm.port, printer)
  printer.note(`[2/2] Seeding on port ${swarm.port} until Ctrl-C; to fetch it: p2pshare get '<link>'`)
  void located.then(fileCount => fileCount > 0 && printer.event('location', { fileCount }))
  if (flags.qr) await showQr(transfer.magnetLink, printer)
  const untell = tellTroubles(transfer, printer)
  await keepSeeding([transfer], flags, env, printer).finally(untell)
}

/** The box hashes the files, which goes on where nobody looks on any more; what they came to is found here then. */
async function handOver(box: BoxClient, swarm: Swarm, invocation: Invocation<SeedFlags>): Promise<void> {
  const { env, printer, args, flags } = invocation
  const { files } = await scanFiles(args, creationOptions(flags, env.cwd))
  const { located } = await lookForLocations(files, invocation)
  const { created, before } = await create(swarm, invocation, onProgress =>
    waitForBox(invocation, 'p2pshare box ls shows it once it is hashed', options =>
      handOverFiles(box, args, flags, env, {
        ...options,
        onProgress: ({ doneBytes: hashedBytes, totalBytes }) => onProgress({ hashedBytes, totalBytes }),
      }),
    ),
  )
  const { id, infoHash, magnet } = before
  const { port } = await box.status({ signal: env.signal })
  printer.result(magnet)
  tellSeeding({ infoHash, magnetLink: magnet, box: id }, created, port, printer)
  printer.note(`[2/2] The box seeds it as number ${id}; to fetch it: p2pshare get '<link>'`)
  const fileCount = await located
  if (fileCount > 0) printer.event('location', { fileCount })
  if (flags.qr) await showQr(magnet, printer)
}

/**
 * Makes the torrent.
 *
 * @param prepare what is done before that and tells the progress too
 */
async function create<Before>(
  swarm: Swarm,
  { env, printer, args, flags }: Invocation<SeedFlags>,
  prepare: (onProgress: HashProgress) => Promise<Before>,
): Promise<{ readonly created: CreatedTorrent; readonly before: Before }> {
  const { cwd, signal } = env
  let copied = 0
  const onCleaned = (progress: { copied: number }) => {
    copied = progress.copied
  }
  const options = { ...creationOptions(flags, cwd), location: flags.location, onCleaned, signal }
  let before!: Before
  const created = await showHashing('[1/2] ', env, printer, async onProgress => {
    before = await prepare(onProgress)
    return swarm.create(args, { ...options, onProgress })
  })
  if (flags.out !== undefined) await writeTorrent(resolve(cwd, flags.out), created.metainfo, signal)
  if (flags.location === 'strip') tellCopies(copied, printer)
  return { created, before }
}

/**
 * Begins to look for positions in what is to be shared, and to tell of them.
 *
 * @returns soon, with the promise of how many files tell where they were taken
 */
async function lookForLocations(
  files: readonly SourceFile[],
  { env, printer, flags }: Invocation<SeedFlags>,
): Promise<{ readonly located: Promise<number> }> {
  const { signal, clock } = env
  const telling = flags.location === 'strip' ? 0 : tellLocations(files, printer, signal)
  const located = Promise.resolve(telling).catch(() => 0)
  await Promise.race([located, clock.wait(locationPatienceMs, signal)])
  return { located }
}

/** @param box its number there */
function tellSeeding(
  { infoHash, magnetLink: magnet, box }: Pick<Transfer, 'infoHash' | 'magnetLink'> & { box?: number },
  created: CreatedTorrent,
  port: number,
  printer: Printer,
): void {
  const { name, sizeBytes } = created.metainfo
  printer.event('seeding', {
    infoHash,
    magnet,
    name,
    sizeBytes,
    fileCount: created.sources.length,
    port,
    box,
  })
  for (const { path, reason } of created.skipped) printer.event('skipped', { path, reason })
}

async function showQr(link: string, printer: Printer): Promise<void> {
  const { renderUnicodeCompact } = await import('uqr')
  printer.note(renderUnicodeCompact(link, { border: 2 }))
}
