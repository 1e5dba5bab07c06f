import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AbortOptions } from '../core/index.ts'
import type { AppliedSegment, CatalogRegistry } from './catalog-registry.ts'
import { type Manifest, type SegmentKind, segmentName } from './snapshot/manifest.ts'
import { readPosterPack } from './snapshot/poster-pack.ts'
import { readLines, removedId } from './snapshot/segment-lines.ts'
import { importRecords } from './store/import-records.ts'
import type { ListingStore } from './store/listing-store.ts'

/** Where a snapshot is taken into. */
export interface SnapshotTarget {
  readonly registry: CatalogRegistry
  readonly store: ListingStore
}

export interface ApplyOptions extends AbortOptions {
  /** Called now and then while records are read. */
  readonly onProgress?: ((recordsDone: number, recordCount: number) => void) | undefined
}

/** What came of a snapshot. */
export interface SnapshotCounts {
  added: number
  replaced: number
  removed: number
  refused: number
}

/**
 * Takes a snapshot that was opened into the database: the segments that are new, in their order, and out of it what the
 * catalog holds no longer. Where that ends half way, doing it again goes on from there.
 */
export async function applySnapshot(
  { registry, store }: SnapshotTarget,
  catalog: number,
  manifest: Manifest,
  folder: string,
  applied: Readonly<Record<SegmentKind, readonly AppliedSegment[]>>,
  options: ApplyOptions,
): Promise<SnapshotCounts> {
  const counts: SnapshotCounts = { added: 0, replaced: 0, removed: 0, refused: 0 }
  const known = new Map(applied.listings.map(segment => [segment.sha256, segment.number]))
  // What stands behind a new segment says the last word of what both name, so that it is applied again.
  const first = manifest.listings.findIndex(({ sha256 }) => !known.has(sha256))
  const anew = first < 0 ? [] : manifest.listings.slice(first)
  const recordCount = anew.reduce((sum, { count }) => sum + count, 0)
  let recordsDone = 0
  for (const [index, segment] of anew.entries()) {
    options.signal?.throwIfAborted()
    const { sha256 } = segment
    const number = known.get(sha256) ?? (await registry.beginSegment(catalog, 'listings', segment))
    const removed: string[] = []
    const path = join(folder, segmentName('listings', sha256))
    const before = recordsDone
    const imported = await importRecords(withoutRemovals(path, removed), store, {
      catalogId: catalog,
      segmentId: number,
      signal: options.signal,
      onProgress: done => options.onProgress?.(before + done, recordCount),
    })
    counts.added += imported.added
    counts.replaced += imported.replaced
    counts.removed += imported.withdrawn + (await store.remove(catalog, removed))
    counts.refused += imported.refused
    recordsDone += segment.count
    await registry.finishSegment(number, first + index)
    known.set(sha256, number)
  }
  await applyPosters({ registry, store }, catalog, manifest, folder, applied.posters)
  const order = manifest.listings.map(({ sha256 }) => known.get(sha256)!)
  counts.removed += await store.dropSegments(
    catalog,
    await registry.segmentsBeside(catalog, 'listings', order),
  )
  await registry.arrangeSegments(catalog, 'listings', order)
  return counts
}

async function applyPosters(
  { registry, store }: SnapshotTarget,
  catalog: number,
  { posters }: Manifest,
  folder: string,
  applied: readonly AppliedSegment[],
): Promise<void> {
  const known = new Map(applied.map(segment => [segment.sha256, segment.number]))
  for (const [position, segment] of posters.entries()) {
    if (known.has(segment.sha256)) continue
    const pack = readPosterPack(await readFile(join(folder, segmentName('posters', segment.sha256))))
    for (const [hash, bytes] of pack) await store.putPoster(hash, bytes)
    const number = await registry.beginSegment(catalog, 'posters', segment)
    await registry.finishSegment(number, position)
    known.set(segment.sha256, number)
  }
  await registry.arrangeSegments(
    catalog,
    'posters',
    posters.map(({ sha256 }) => known.get(sha256)!),
  )
}

async function* withoutRemovals(path: string, removed: string[]): AsyncGenerator<string, undefined> {
  for await (const line of readLines(path)) {
    const id = removedId(line)
    if (id === undefined) yield line
    else removed.push(id)
  }
}
