import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import type { Section, StoredListing } from '../catalog/index.ts'
import { listFiles, type Metainfo, magnetLink, scanFiles } from '../core/index.ts'
import type { Swarm } from '../swarm/index.ts'
import { type CreationFlags, creationOptions } from './creation-options.ts'
import type { Env } from './env.ts'
import { watchFetching } from './fetching.ts'
import type { Printer } from './printer.ts'
import { StatusLine } from './status-line.ts'

/** What is known of a torrent's content before anything is said of it. */
export interface PublishingContent {
  /** Of the file, the album or the torrent. */
  readonly name: string
  readonly isFile: boolean
  readonly section: Section
  readonly facts: Pick<StoredListing, 'sizeBytes' | 'fileCount' | 'media' | 'createdAt'>
  readonly poster?: Uint8Array | undefined
}

/** As much as a listing takes of a link. */
const maxMagnetLength = 8_192
const mostTrackers = 10

/** Looks through files on this machine. */
export async function contentOfFiles(
  paths: readonly string[],
  flags: CreationFlags,
  env: Env,
  printer: Printer,
): Promise<PublishingContent> {
  const { describeFiles } = await import('../catalog/index.ts')
  const { cwd, signal } = env
  const { include, exclude, hidden } = creationOptions(flags, cwd)
  const status = await StatusLine.open(env, printer)
  try {
    status.update({ label: 'Looking through the files', details: '' })
    const scan = await scanFiles(paths, { cwd, include, exclude, hidden, signal })
    const { section, poster, ...facts } = await describeFiles(scan.files, { signal })
    return { name: flags.name ?? scan.name, isFile: !scan.isAlbum, section, facts, poster }
  } finally {
    status.close()
  }
}

/** What a torrent tells by its names and sizes. */
export async function contentOfTorrent(metainfo: Metainfo): Promise<PublishingContent> {
  const { sectionOfNames } = await import('../catalog/index.ts')
  const files = listFiles(metainfo.files).map(({ file }) => ({ name: file.path, sizeBytes: file.sizeBytes }))
  const facts = { sizeBytes: metainfo.sizeBytes, fileCount: files.length }
  return {
    name: metainfo.name,
    isFile: !metainfo.isAlbum,
    section: await sectionOfNames(files),
    facts: { ...facts, media: undefined, createdAt: undefined },
  }
}

/** Asks peers what is behind a link; nothing of the content is fetched. */
export async function fetchMetainfo(
  link: string,
  swarm: Swarm,
  timeoutMs: number | undefined,
  env: Env,
  printer: Printer,
): Promise<Metainfo> {
  const { signal } = env
  const transfer = await swarm.get(link, { out: resolve(tmpdir()), select: () => false, signal })
  try {
    await watchFetching([transfer], it => it.metadata(), timeoutMs, env, printer)
    return await transfer.metadata()
  } finally {
    await transfer.stop()
  }
}

/** The magnet link that goes into a listing; of too many trackers and web seeds some. */
export function listedMagnet(metainfo: Metainfo): string {
  const link = magnetLink(metainfo)
  if (link.length <= maxMagnetLength) return link
  const trackers = metainfo.trackers.flat().slice(0, mostTrackers)
  const shorter = magnetLink({ ...metainfo, trackers, webSeeds: [] })
  return shorter.length <= maxMagnetLength ? shorter : magnetLink({ ...metainfo, trackers: [], webSeeds: [] })
}
