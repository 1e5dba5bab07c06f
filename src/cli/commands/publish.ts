import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Catalog, CatalogInfo, ListingDraft, StoredListing } from '../../catalog/index.ts'
import { type Metainfo, P2pShareError, visibleName } from '../../core/index.ts'
import type { Swarm, Transfer } from '../../swarm/index.ts'
import {
  defineHandover,
  type HandoverFlags,
  handOverFiles,
  handOverTorrent,
  offline,
} from '../box-handover.ts'
import { withBox } from '../box-session.ts'
import { nameOf } from '../catalog-facts.ts'
import { findListing, tellExposedKey, withCatalog } from '../catalog-session.ts'
import { keepCatalogs, watchCatalogs } from '../catalog-syncing.ts'
import type { CliCommand, Invocation } from '../cli-command.ts'
import { type CreationFlags, creationOptions, defineCreation } from '../creation-options.ts'
import { showHashing } from '../hashing.ts'
import { defaultLicense, defineListing, type ListingFlags, type ListingWords } from '../listing-options.ts'
import { type Suggestions, sayListing } from '../listing-questions.ts'
import { tellCopies, tellLocations } from '../location-notice.ts'
import { defineLimits, defineNetwork, type NetworkFlags } from '../network-options.ts'
import { withSwarm } from '../network-session.ts'
import { choice, duration, option } from '../options.ts'
import type { Printer } from '../printer.ts'
import {
  contentOfFiles,
  contentOfTorrent,
  fetchMetainfo,
  listedMagnet,
  type PublishingContent,
} from '../publishing-content.ts'
import { type PublishingInput, readPublishingInput } from '../publishing-input.ts'
import { putListing, targetCatalog } from '../publishing-listing.ts'
import { defineSeeding, keepSeeding, type SeedingFlags } from '../seeding.ts'
import { tellTroubles } from '../trouble-notes.ts'

interface PublishFlags extends CreationFlags, ListingFlags, NetworkFlags, SeedingFlags, HandoverFlags {
  poster?: string
  to?: string
  revise?: string
  location?: 'keep' | 'strip'
  timeout?: number
  seed: boolean
}

export const publish: CliCommand<PublishFlags> = {
  examples: [
    ['p2pshare publish zoo.avi', 'asks for a title, lists the clip in your catalog, and seeds it'],
    [
      'p2pshare publish trip --title "A day at the zoo" --tags zoo,animals --license CC-BY-4.0 --location strip',
      'an album, without being asked, and without the places where its photos were taken',
    ],
    ["p2pshare publish 'magnet:?xt=urn:btih:…' --title Lions --no-seed", 'list what others seed'],
    ['p2pshare publish --revise 12 --title "Two lions" --no-seed', 'correct what a listing of yours says'],
  ],
  define(command: Command) {
    defineListing(command)
    command
      .addOption(option('--poster <file>', 'the picture to show (default: made of the photos or films)'))
      .addOption(option('--to <catalog>', 'the catalog of yours (default: the only one)'))
      .addOption(option('--revise <listing>', 'replace this listing of yours, by its number or id'))
      .addOption(option('--no-seed', 'list it and stop; others see it once your catalog is up'))
      .addOption(duration('--timeout <duration>', 'give up when nobody tells what is behind a link'))
      .addOption(choice('--location <what>', 'positions in photos and videos', ['keep', 'strip']))
    defineCreation(
      command,
      '[path...]',
      'files and folders; or one magnet link, .torrent file or address of one',
    )
    defineHandover(command)
    defineNetwork(command)
    defineLimits(command)
    defineSeeding(command)
  },
  async run(invocation) {
    const { env, args, flags } = invocation
    const input = await readPublishingInput(args, env)
    if (input.kind === 'nothing' && flags.revise === undefined)
      throw new P2pShareError('ERR_USAGE', 'Say what to publish: files, folders, a magnet link or a .torrent')
    // One that is not there is told before anything is done.
    if (flags.box) await withBox(env, async () => {})
    const isOnline = (flags.seed && !flags.box) || input.kind === 'link'
    const network = isOnline ? flags : { ...flags, ...offline }
    await withSwarm(env, network, swarm =>
      withCatalog(env, catalog => publishIn(catalog, swarm, input, invocation), { swarm }),
    )
  },
}

async function publishIn(
  catalog: Catalog,
  swarm: Swarm,
  input: PublishingInput,
  invocation: Invocation<PublishFlags>,
): Promise<void> {
  const { env, printer, flags } = invocation
  const target = await targetCatalog(catalog, flags.to)
  const earlier = flags.revise === undefined ? undefined : await findListing(catalog, flags.revise)
  const metainfo = await metainfoOf(input, swarm, invocation)
  const content = metainfo
    ? await contentOfTorrent(metainfo)
    : input.kind === 'files'
      ? await contentOfFiles(input.paths, flags, env, printer)
      : undefined
  const said = await sayListing(flags, earlier ? undefined : await suggestionsOf(content!), env)
  const defaults = {
    description: '',
    section: content?.section ?? 'other',
    tags: [],
    license: defaultLicense,
  }
  await checkWords({ title: '-', ...defaults, ...said }, catalog)
  const poster = await posterOf(content, invocation)
  const prepared = await prepare(input, metainfo, content, swarm, invocation)
  const listing = await putListing(catalog, target, { ...prepared, said, defaults, poster }, earlier)
  await writeSnapshot(target, catalog, env)
  tell(listing, target, printer)
  await tellExposedKey(env, printer)
  if (flags.box) await handOver(input, metainfo, invocation)
  else if (flags.seed) await keepUp(prepared.transfer, catalog, swarm, invocation)
  else printer.note('Those who follow see it once your catalog is up: p2pshare catalog sync --watch')
}

async function metainfoOf(
  input: PublishingInput,
  swarm: Swarm,
  { env, printer, flags }: Invocation<PublishFlags>,
): Promise<Metainfo | undefined> {
  if (input.kind === 'torrent') return input.metainfo
  return input.kind === 'link' ? fetchMetainfo(input.link, swarm, flags.timeout, env, printer) : undefined
}

async function suggestionsOf({ name, isFile, section }: PublishingContent): Promise<Suggestions> {
  const { titleOfName } = await import('../../catalog/index.ts')
  return { title: titleOfName(name, isFile), section }
}

async function posterOf(
  content: PublishingContent | undefined,
  { env, flags }: Invocation<PublishFlags>,
): Promise<Uint8Array | undefined> {
  if (flags.poster === undefined) return content?.poster
  const { posterOfFile } = await import('../../catalog/index.ts')
  return posterOfFile(resolve(env.cwd, flags.poster), { signal: env.signal })
}

/** What breaks a bound is said before anything is hashed. */
async function checkWords(words: ListingWords, catalog: Catalog): Promise<void> {
  const { signListing } = await import('../../catalog/index.ts')
  const placeholder = { magnet: `magnet:?xt=urn:btih:${'0'.repeat(40)}`, sizeBytes: 0, fileCount: 1 }
  signListing({ ...words, ...placeholder }, await catalog.identity())
}

/** What is published, ready to be listed. */
interface Prepared {
  readonly facts: Partial<ListingDraft>
  readonly torrent?: Uint8Array | undefined
  readonly transfer?: Transfer | undefined
}

async function prepare(
  input: PublishingInput,
  metainfo: Metainfo | undefined,
  content: PublishingContent | undefined,
  swarm: Swarm,
  invocation: Invocation<PublishFlags>,
): Promise<Prepared> {
  if (!content) return { facts: {} }
  // A poster of earlier content does not show this one.
  const facts = { ...content.facts, poster: undefined }
  if (metainfo) return { facts: { ...facts, magnet: listedMagnet(metainfo) }, torrent: metainfo.bytes }
  const created = await createTorrent(input.kind === 'files' ? input.paths : [], swarm, invocation)
  const { seed, box } = invocation.flags
  const transfer = seed && !box ? await swarm.share(created) : undefined
  const torrent = created.metainfo.bytes
  return { facts: { ...facts, magnet: listedMagnet(created.metainfo) }, torrent, transfer }
}

/** What is listed the box shares, or fetches to share it on. */
async function handOver(
  input: PublishingInput,
  metainfo: Metainfo | undefined,
  { env, printer, flags }: Invocation<PublishFlags>,
): Promise<void> {
  if (input.kind === 'nothing') return
  const { id, name, infoHash, magnet } = await withBox(env, box =>
    input.kind === 'files'
      ? handOverFiles(box, input.paths, flags, env)
      : handOverTorrent(box, metainfo!.bytes, flags, env),
  )
  printer.event('added', { id, name, infoHash, magnet })
  printer.note(
    `The box has it as number ${id}, and keeps your catalog up: those who follow see it within minutes`,
  )
}

async function createTorrent(
  paths: readonly string[],
  swarm: Swarm,
  { env, printer, flags }: Invocation<PublishFlags>,
) {
  const { cwd, signal } = env
  let copied = 0
  const onCleaned = (progress: { copied: number }) => {
    copied = progress.copied
  }
  const options = { ...creationOptions(flags, cwd), location: flags.location, onCleaned, signal }
  const created = await showHashing('[1/2] ', env, printer, onProgress =>
    swarm.create(paths, { ...options, onProgress }),
  )
  for (const { path, reason } of created.skipped) printer.event('skipped', { path, reason })
  if (flags.location === 'strip') tellCopies(copied, printer)
  else await tellLocations(created.sources, printer, signal)
  return created
}

/** Another p2pshare of this home may be writing it; that one takes the listing in. */
async function writeSnapshot({ link }: CatalogInfo, catalog: Catalog, { signal }: { signal: AbortSignal }) {
  await catalog.snapshot(link, { signal }).catch((error: unknown) => {
    if (!(error instanceof P2pShareError && error.code === 'ERR_HOME_LOCKED')) throw error
  })
}

function tell(listing: StoredListing, info: CatalogInfo, printer: Printer): void {
  const { id, number, infoHash, infoHashV2, magnet, title, section, license, revision, sizeBytes } = listing
  printer.event('published', {
    ...{ infoHash, infoHashV2, id, number, magnet, title, section, license, revision, sizeBytes },
    ...{ fileCount: listing.fileCount, catalog: info.name, link: info.link },
  })
  printer.result(magnet)
  printer.note(`[2/2] Listed in ${nameOf(info)} as number ${number}: ${visibleName(title)} (${section})`)
  const how = license === defaultLicense ? '; --license CC-BY-4.0 and the like allow more' : ''
  printer.note(`  Licence: ${license}${how}`)
  printer.note(`  To follow the catalog: p2pshare catalog add '${info.link}'`)
}

async function keepUp(
  transfer: Transfer | undefined,
  catalog: Catalog,
  swarm: Swarm,
  { env, printer, flags }: Invocation<PublishFlags>,
): Promise<void> {
  if (!transfer) return watchCatalogs(catalog, swarm, env, printer)
  const enough = new AbortController()
  const keeping = keepCatalogs(catalog, AbortSignal.any([env.signal, enough.signal]), printer)
  const untell = tellTroubles(transfer, printer)
  try {
    await keepSeeding([transfer], flags, env, printer)
  } finally {
    untell()
    enough.abort()
    await keeping
  }
}
