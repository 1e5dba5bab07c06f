import { basename } from 'node:path'
import {
  kindOf,
  type MediaFacts,
  type Metainfo,
  magnetLink,
  readMagnet,
  readMedia,
  scanFiles,
  visibleName,
} from '../core/index.ts'
import type { Env } from './env.ts'
import { fileFacts, printFiles } from './file-list.ts'
import { formatBinarySize, formatCount, formatDuration, formatSize } from './format.ts'
import type { Printer } from './printer.ts'
import { formatFacts } from './table.ts'

type Facts = readonly (readonly [name: string, value: string | undefined])[]

export async function printTorrent(metainfo: Metainfo, env: Env, printer: Printer): Promise<void> {
  const { infoHash, infoHashV2, name, format, sizeBytes, pieceLength, pieceCount } = metainfo
  const { isPrivate, trackers, webSeeds, comment, createdBy, createdAt } = metainfo
  const magnet = magnetLink(metainfo)
  const files = fileFacts(metainfo)
  printer.event('torrent', {
    ...{
      infoHash,
      infoHashV2,
      name,
      format,
      sizeBytes,
      pieceLength,
      pieceCount,
      isPrivate,
      trackers,
      webSeeds,
    },
    ...{ comment, createdBy, createdAt, magnet, files },
  })
  if (printer.isJson) return
  const facts: Facts = [
    ['Name', visibleName(name)],
    ['Size', `${formatSize(sizeBytes)} in ${formatCount(files.length, 'file')}`],
    ['Info-hash', infoHash],
    ['Info-hash v2', infoHashV2],
    ['Format', isPrivate ? `${format}, private` : format],
    ['Pieces', `${formatCount(pieceCount, 'piece')} of ${formatBinarySize(pieceLength)}`],
    ...trackers.flat().map(url => ['Tracker', visibleName(url)] as const),
    ...webSeeds.map(url => ['Web seed', visibleName(url)] as const),
    ['Comment', comment && visibleName(comment)],
    ['Made by', createdBy && visibleName(createdBy)],
    ['Made at', createdAt?.toISOString()],
    ['Link', magnet],
  ]
  printer.result(`${await formatFacts(facts, env.stdout, env)}\n`)
  await printFiles(metainfo, env, printer)
}

export async function printMagnet(link: string, env: Env, printer: Printer): Promise<void> {
  const magnet = readMagnet(link)
  printer.event('magnet', { ...magnet })
  const facts: Facts = [
    ['Name', magnet.name && visibleName(magnet.name)],
    ['Info-hash', magnet.infoHash],
    ['Info-hash v2', magnet.infoHashV2],
    ...magnet.trackers.map(url => ['Tracker', visibleName(url)] as const),
    ...magnet.webSeeds.map(url => ['Web seed', visibleName(url)] as const),
    ...magnet.sources.map(url => ['Source', visibleName(url)] as const),
    ...magnet.peers.map(address => ['Peer', visibleName(address)] as const),
    ['Files', magnet.select?.join(', ')],
  ]
  printer.result(await formatFacts(facts, env.stdout, env))
}

export async function printMedia(path: string, sizeBytes: number, env: Env, printer: Printer): Promise<void> {
  const { signal } = env
  const kind = await kindOf(path)
  const media = await readMedia(path, { signal })
  printer.event('media', { path, sizeBytes, ...kind, ...media })
  const { takenAt, camera, position, durationMs, warnings } = media
  const facts: Facts = [
    ['Name', visibleName(basename(path))],
    ['Kind', `${kind.type} (${kind.mime})`],
    ['Size', formatSize(sizeBytes)],
    ['Dimensions', dimensionsOf(media)],
    ['Duration', durationMs === undefined ? undefined : formatDuration(durationMs)],
    ['Taken at', takenAt && visibleName(takenAt)],
    ['Camera', camera && visibleName(camera)],
    ['Position', position && `${position.latitude.toFixed(5)}, ${position.longitude.toFixed(5)}`],
    ...warnings.map(warning => ['Warning', visibleName(warning)] as const),
  ]
  printer.result(await formatFacts(facts, env.stdout, env))
}

/** Says what `seed` would share of a folder. */
export async function printFolder(path: string, env: Env, printer: Printer): Promise<void> {
  const { signal } = env
  const scan = await scanFiles([path], { cwd: env.cwd, signal })
  const kinds = new Map<string, { fileCount: number; sizeBytes: number }>()
  let sizeBytes = 0
  for (const file of scan.files) {
    const { type } = await kindOf(file.source)
    const { fileCount, sizeBytes: earlier } = kinds.get(type) ?? { fileCount: 0, sizeBytes: 0 }
    kinds.set(type, { fileCount: fileCount + 1, sizeBytes: earlier + file.sizeBytes })
    sizeBytes += file.sizeBytes
  }
  const { name, files, skipped } = scan
  printer.event('folder', {
    path,
    name,
    sizeBytes,
    fileCount: files.length,
    kinds: Object.fromEntries(kinds),
    skipped,
  })
  const facts: Facts = [
    ['Name', visibleName(name)],
    ['Size', `${formatSize(sizeBytes)} in ${formatCount(files.length, 'file')}`],
    ...[...kinds].map(
      ([type, kind]) =>
        [
          type === 'other' ? 'Other' : `${type.charAt(0).toUpperCase()}${type.slice(1)}s`,
          `${formatCount(kind.fileCount, 'file')}, ${formatSize(kind.sizeBytes)}`,
        ] as const,
    ),
    ...skipped.map(({ path: left, reason }) => ['Left out', `${visibleName(left)} (${reason})`] as const),
  ]
  printer.result(await formatFacts(facts, env.stdout, env))
}

/** As it is seen: a photo that is stored lying down is turned (EXIF orientation 5 to 8). */
function dimensionsOf({ width, height, orientation = 1 }: MediaFacts): string | undefined {
  if (!width || !height) return undefined
  return orientation > 4 ? `${height} × ${width}` : `${width} × ${height}`
}
