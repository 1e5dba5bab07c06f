import { createHash } from 'node:crypto'
import { link, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Hex, writeFileAtomic } from '../../core/index.ts'
import { countToFold } from './fold.ts'
import { type ManifestSegment, type SegmentKind, segmentName } from './manifest.ts'
import { readPosterPack, writePosterPack } from './poster-pack.ts'
import { compressLines, idOfLine, readLines, removedId } from './segment-lines.ts'

/** What is left of lines when they are compressed, more or less: signatures and hashes are what does not shrink. */
const packedPart = 0.5
/** What one file holds at most before it is compressed, unless a single entry is larger. */
const fileBytes = 4 * 1024 * 1024

/** Where the files of the last version are and those of the next are put. */
export interface SegmentFolders {
  /** `undefined` where there is none, and everything is written anew. */
  readonly from: string | undefined
  readonly to: string
}

/**
 * Writes what was added to a catalog behind the listings that it has, folding small files into larger ones.
 *
 * @param lines records and removals in the order in which they came
 * @returns every file of the next version
 */
export async function writeListingSegments(
  existing: readonly ManifestSegment[],
  lines: Iterable<string>,
  { from, to }: SegmentFolders,
): Promise<ManifestSegment[]> {
  const added = new Map<string, string>()
  for (const line of lines) keepLast(added, line)
  const kept = existing.slice(
    0,
    existing.length - foldCount(existing, byteLengthOf(added.values()) * packedPart),
  )
  const folded = new Map<string, string>()
  for (const { sha256 } of existing.slice(kept.length))
    for await (const line of readLines(join(from!, segmentName('listings', sha256)))) keepLast(folded, line)
  for (const line of added.values()) keepLast(folded, line)
  // With nothing in front there is nothing to take out.
  const left =
    kept.length > 0 ? folded.values() : folded.values().filter(line => removedId(line) === undefined)
  const written: ManifestSegment[] = []
  for (const chunk of chunksOf(left, line => Buffer.byteLength(line) + 1))
    written.push(await writeSegment('listings', await compressLines(chunk), chunk.length, to))
  await keepFiles('listings', kept, from, to)
  return [...kept, ...written]
}

/** The same for posters. */
export async function writePosterSegments(
  existing: readonly ManifestSegment[],
  added: ReadonlyMap<Hex, Uint8Array>,
  { from, to }: SegmentFolders,
): Promise<ManifestSegment[]> {
  const addedBytes = added.values().reduce((sum, { length }) => sum + length, 0)
  const kept = existing.slice(0, existing.length - foldCount(existing, addedBytes))
  const folded = new Map<Hex, Uint8Array>()
  for (const { sha256 } of existing.slice(kept.length)) {
    const pack = readPosterPack(await readFile(join(from!, segmentName('posters', sha256))))
    for (const [hash, bytes] of pack) folded.set(hash, bytes)
  }
  for (const [hash, bytes] of added) folded.set(hash, bytes)
  const written: ManifestSegment[] = []
  for (const chunk of chunksOf(folded, ([, { length }]) => length))
    written.push(await writeSegment('posters', writePosterPack(new Map(chunk)), chunk.length, to))
  await keepFiles('posters', kept, from, to)
  return [...kept, ...written]
}

/**
 * Puts files that are in one folder already into another, without copying them.
 *
 * @param wanted names of the files that are to be there; without it all of them
 */
export async function keepFiles(
  kind: SegmentKind,
  segments: readonly Pick<ManifestSegment, 'sha256'>[],
  from: string | undefined,
  to: string,
  wanted?: ReadonlySet<string>,
): Promise<void> {
  if (from === undefined || from === to) return
  for (const { sha256 } of segments) {
    const name = segmentName(kind, sha256)
    if (wanted && !wanted.has(name)) continue
    await link(join(from, name), join(to, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

function foldCount(existing: readonly ManifestSegment[], addedBytes: number): number {
  const sizes = existing.map(({ sizeBytes }) => sizeBytes)
  return addedBytes > 0 ? countToFold(sizes, addedBytes) : 0
}

/** The last that is said of a listing goes, in the place where it was said. */
function keepLast(lines: Map<string, string>, line: string): void {
  const id = idOfLine(line)
  if (id === undefined) return
  lines.delete(id)
  lines.set(id, line)
}

function byteLengthOf(lines: Iterable<string>): number {
  let bytes = 0
  for (const line of lines) bytes += Buffer.byteLength(line) + 1
  return bytes
}

function* chunksOf<T>(items: Iterable<T>, sizeOf: (item: T) => number): Generator<T[], undefined> {
  let chunk: T[] = []
  let bytes = 0
  for (const item of items) {
    const size = sizeOf(item)
    if (chunk.length > 0 && bytes + size > fileBytes) {
      yield chunk
      chunk = []
      bytes = 0
    }
    chunk.push(item)
    bytes += size
  }
  if (chunk.length > 0) yield chunk
}

async function writeSegment(
  kind: SegmentKind,
  bytes: Uint8Array,
  count: number,
  folder: string,
): Promise<ManifestSegment> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFileAtomic(join(folder, segmentName(kind, sha256)), bytes)
  return { sha256, sizeBytes: bytes.length, count }
}
