import type { ContentPart } from '../hash/content-reader.ts'
import type { SourceFile } from './source-file.ts'
import { compareInTree } from './tree-order.ts'

/** How the files of a torrent follow each other. */
export interface ContentLayout {
  /** In the order of the torrent. */
  readonly sources: readonly SourceFile[]
  /** The same files with their offsets, and pads between. */
  readonly parts: readonly ContentPart[]
  readonly contentLength: number
}

/** Files one after another, without gaps, as BEP 3 has them. */
export function layOutEndToEnd(sources: readonly SourceFile[]): ContentLayout {
  return layOut(sources, undefined)
}

/**
 * Files in the order of the BEP 52 file tree, each at the start of a piece, with BEP 47 pads where they do not end
 * with one. The last file is padded too, as libtorrent and the BEP's own example program do it; a single file is not.
 */
export function layOutAligned(sources: readonly SourceFile[], pieceLength: number): ContentLayout {
  const sorted = [...sources].sort((a, b) => compareInTree(a.path, b.path))
  return layOut(sorted, sorted.length > 1 ? pieceLength : undefined)
}

function layOut(sources: readonly SourceFile[], alignment: number | undefined): ContentLayout {
  const parts: ContentPart[] = []
  let offset = 0
  for (const { source, sizeBytes, modifiedMs } of sources) {
    parts.push({ offset, sizeBytes, path: source, modifiedMs })
    offset += sizeBytes
    const padBytes = alignment ? (alignment - (offset % alignment)) % alignment : 0
    if (padBytes > 0) parts.push({ offset, sizeBytes: padBytes, path: undefined, modifiedMs: undefined })
    offset += padBytes
  }
  return { sources, parts, contentLength: offset }
}
