import { extname } from 'node:path'
import {
  type AbortOptions,
  kindOf,
  type MediaFacts,
  type MediaKind,
  readMedia,
  type SourceFile,
} from '../../core/index.ts'
import type { ListingFields, Section } from '../listing/fields.ts'
import { type PosterSource, posterOfFirst } from './poster.ts'
import { type KindTotals, kindByName, noTotals, sectionOf } from './section-of.ts'

/** What files tell of themselves, as a listing says it. None of it tells a place. */
export interface FilesDescription {
  readonly section: Section
  readonly sizeBytes: number
  readonly fileCount: number
  readonly media: ListingFields['media']
  /** The day on which the work was made: of an album the one in the middle. */
  readonly createdAt: string | undefined
  /** WebP of at most 32 KiB. */
  readonly poster: Uint8Array | undefined
}

/** Beyond so many files their kind goes by what others of the same extension are. */
const mostOpened = 2_000
/** Of so many files the facts are read, evenly over the album. */
const mostRead = 200
const mostDrawn = 8
const readAtOnce = 4
/** Files that are hard to read do not hold the publishing up. */
const patienceMs = 20_000

/** A file whose kind is known. */
interface KnownFile {
  readonly file: SourceFile
  readonly type: MediaKind['type']
  facts?: MediaFacts
}

/**
 * Looks through the files that are to be published: what they are, how large, how long, when made, and a poster of them.
 * Bounded in work however many files there are. What cannot be read is left out.
 */
export async function describeFiles(
  sources: readonly SourceFile[],
  options: AbortOptions = {},
): Promise<FilesDescription> {
  const { files, totals } = await sortByKind(sources, options)
  const named = sources.map(({ source, sizeBytes }) => ({ name: source, sizeBytes }))
  const section = sectionOf(totals, named)
  const media = files.filter(({ type }) => type !== 'other')
  const read = sample(media, mostRead)
  await readFacts(read, options)
  return {
    section,
    sizeBytes: sources.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    fileCount: sources.length,
    media: summarize(section, totals, read),
    createdAt: middleDay(read),
    poster: await posterOfFirst(posterSources(section, read), options),
  }
}

async function sortByKind(
  sources: readonly SourceFile[],
  { signal }: AbortOptions,
): Promise<{ files: KnownFile[]; totals: KindTotals }> {
  const byExtension = new Map<string, MediaKind['type']>()
  const totals = noTotals()
  const files: KnownFile[] = []
  for (const [index, file] of sources.entries()) {
    const extension = extname(file.source).toLowerCase()
    const known = index < mostOpened ? await lookInto(file.source, signal) : byExtension.get(extension)
    const type = known ?? (await kindByName(file.source))
    byExtension.set(extension, type)
    totals[type].fileCount++
    totals[type].sizeBytes += file.sizeBytes
    files.push({ file, type })
  }
  return { files, totals }
}

async function lookInto(
  path: string,
  signal: AbortSignal | undefined,
): Promise<MediaKind['type'] | undefined> {
  try {
    return (await kindOf(path, { signal })).type
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

async function readFacts(files: readonly KnownFile[], { signal }: AbortOptions): Promise<void> {
  const enough = AbortSignal.timeout(patienceMs)
  const either = signal ? AbortSignal.any([signal, enough]) : enough
  const left = files.values()
  const work = async () => {
    for (const file of left) {
      if (either.aborted) break
      const facts = await readMedia(file.file.source, { signal: either }).catch(() => undefined)
      if (facts) file.facts = facts
    }
  }
  await Promise.all(Array.from({ length: readAtOnce }, work))
  signal?.throwIfAborted()
}

function summarize(section: Section, totals: KindTotals, read: readonly KnownFile[]): ListingFields['media'] {
  const countOf = (type: MediaKind['type']) => totals[type].fileCount || undefined
  const durationMs = lengthOf(section, totals, read)
  const shown = read.filter(({ type }) => type === (section === 'photos' ? 'photo' : 'video'))
  const { width, height } = largest(shown) ?? {}
  const media = {
    durationMs,
    width,
    height,
    photoCount: countOf('photo'),
    videoCount: countOf('video'),
    audioCount: countOf('audio'),
  }
  const told = Object.entries(media).filter(([, value]) => value !== undefined)
  return told.length > 0 ? Object.fromEntries(told) : undefined
}

/** How long all films, or all pieces of music, last together; only where that is known of each. */
function lengthOf(section: Section, totals: KindTotals, read: readonly KnownFile[]): number | undefined {
  const type = section === 'video' ? 'video' : section === 'music' ? 'audio' : undefined
  if (!type) return undefined
  const lengths = read.flatMap(({ type: of, facts }) => (of === type ? [facts?.durationMs] : []))
  if (lengths.length < totals[type].fileCount || lengths.includes(undefined)) return undefined
  return Math.round(lengths.reduce<number>((sum, length) => sum + length!, 0))
}

function largest(files: readonly KnownFile[]): { width: number; height: number } | undefined {
  let most: { width: number; height: number } | undefined
  for (const { facts } of files) {
    const { width, height, orientation = 1 } = facts ?? {}
    if (!width || !height || width > 1_000_000 || height > 1_000_000) continue
    // Of a photo as stored: from 5 on it is shown turned by a quarter.
    const seen = orientation > 4 ? { width: height, height: width } : { width, height }
    if (!most || seen.width * seen.height > most.width * most.height) most = seen
  }
  return most
}

function middleDay(files: readonly KnownFile[]): string | undefined {
  const days = files.flatMap(({ facts }) => {
    const day = facts?.takenAt?.slice(0, 10) ?? ''
    return isDay(day) ? [day] : []
  })
  return days.sort()[days.length >> 1]
}

/** Also refuses 30 February, which `Date.parse` takes for 1 March. */
function isDay(text: string): boolean {
  const time = /^[12]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function posterSources(section: Section, read: readonly KnownFile[]): PosterSource[] {
  const sources = read.flatMap(({ file, type, facts }) =>
    type === 'photo' || type === 'video' ? [{ path: file.source, type, durationMs: facts?.durationMs }] : [],
  )
  const first = section === 'video' ? 'video' : 'photo'
  return sources
    .sort((one, other) => Number(other.type === first) - Number(one.type === first))
    .slice(0, mostDrawn)
}

function sample<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)]!)
}
