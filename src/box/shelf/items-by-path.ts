import { join, sep } from 'node:path'
import type { SourceFile } from '../../core/index.ts'
import type { Item } from './item.ts'

/** What is shared or was fetched, with where it lies. */
export interface PlacedItem {
  readonly path: string
  readonly item: Item
}

/** Where things are looked for. */
export interface ItemPlaces {
  items(): readonly Item[]
  sources(item: Item): Promise<readonly SourceFile[]>
}

/** Whether a path is another one, or below it. */
export function isWithin(path: string, top: string): boolean {
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep)
}

/** Those that lie at a path, or that have files there. */
export async function itemsAt(shelf: ItemPlaces, path: string): Promise<PlacedItem[]> {
  const found: PlacedItem[] = []
  for (const item of shelf.items()) {
    // What was shared from several places lies below what those have in common.
    const top = item.path ?? item.transfer?.path
    if (top === undefined || !isWithin(path, top)) continue
    const isThere = path === item.path || (await filesOf(shelf, item, top)).some(file => isWithin(file, path))
    if (isThere) found.push({ path: item.path ?? path, item })
  }
  return found
}

/** Those that lie below a path. */
export function itemsBelow(shelf: Pick<ItemPlaces, 'items'>, path: string): PlacedItem[] {
  return shelf.items().flatMap(item => {
    const at = item.path ?? item.transfer?.path
    return at !== undefined && at !== path && isWithin(at, path) ? [{ path: at, item }] : []
  })
}

async function filesOf(shelf: ItemPlaces, item: Item, top: string): Promise<readonly string[]> {
  if (item.entry.source.kind === 'share') {
    const sources = await shelf.sources(item)
    // A copy may be shared in the place of a file.
    return sources.flatMap(({ source, path }) => [source, join(top, ...path)])
  }
  const files = item.transfer?.metainfo?.files ?? []
  // Its folder may be named otherwise here than in the torrent.
  return files.map(({ path }) => join(top, ...path.split('/').slice(1)))
}
