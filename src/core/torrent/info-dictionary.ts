import type { Bencodable } from '../bencode/encode.ts'
import type { ContentLayout } from './content-layout.ts'
import { nodeLength, rootOfPieceLayer } from './merkle.ts'

/** What an `info` dictionary says, beside the files. */
export interface InfoInit {
  readonly name: string
  readonly isAlbum: boolean
  readonly pieceLength: number
  readonly isPrivate: boolean
  /** SHA-1 of each piece, 20 bytes each; empty where there is to be no v1 part. */
  readonly pieces: Uint8Array
}

type Dictionary = Map<string | Uint8Array, Bencodable>

/** The `info` dictionary of BEP 3, with nothing in it that a plain torrent needs not have. */
export function v1Info(layout: ContentLayout, init: InfoInit): Dictionary {
  const info: Dictionary = new Map<string, Bencodable>([
    ['name', init.name],
    ['piece length', init.pieceLength],
    ['pieces', init.pieces],
  ])
  if (init.isAlbum) info.set('files', v1Files(layout))
  else info.set('length', layout.contentLength)
  if (init.isPrivate) info.set('private', 1)
  return info
}

/**
 * The `info` dictionary of a torrent that is v2 (BEP 52) or v1 and v2 at once, and the piece layers that go beside it.
 *
 * @param nodes for each piece its node of the file's merkle tree, 32 bytes each
 */
export function treeInfo(
  layout: ContentLayout,
  init: InfoInit,
  nodes: Uint8Array,
  format: 'v2' | 'hybrid',
): { info: Dictionary; pieceLayers: Dictionary } {
  const { name, pieceLength } = init
  const pieceLayers = new Map<string, { root: Uint8Array; layer: Uint8Array }>()
  const tree: Dictionary = new Map()
  const files = layout.parts.filter(({ path }) => path !== undefined)
  for (const [index, { offset, sizeBytes }] of files.entries()) {
    const first = offset / pieceLength
    const layer = nodes.subarray(
      first * nodeLength,
      (first + Math.ceil(sizeBytes / pieceLength)) * nodeLength,
    )
    const root = sizeBytes > pieceLength ? rootOfPieceLayer(layer, pieceLength) : layer
    if (sizeBytes > pieceLength) pieceLayers.set(Buffer.from(root).toString('hex'), { root, layer })
    const entry = new Map<string, Bencodable>([['length', sizeBytes]])
    if (sizeBytes > 0) entry.set('pieces root', root)
    const { path } = layout.sources[index]!
    place(tree, init.isAlbum ? path : [name], entry)
  }
  const info = format === 'hybrid' ? v1Info(layout, init) : v2Info(init)
  info.set('meta version', 2).set('file tree', tree)
  return { info, pieceLayers: new Map([...pieceLayers.values()].map(({ root, layer }) => [root, layer])) }
}

function v2Info({ name, pieceLength, isPrivate }: InfoInit): Dictionary {
  const info: Dictionary = new Map<string, Bencodable>([
    ['name', name],
    ['piece length', pieceLength],
  ])
  if (isPrivate) info.set('private', 1)
  return info
}

function v1Files({ parts, sources }: ContentLayout): Bencodable[] {
  let index = 0
  return parts.map(({ path, sizeBytes }) =>
    path === undefined
      ? { attr: 'p', length: sizeBytes, path: ['.pad', String(sizeBytes)] }
      : { length: sizeBytes, path: sources[index++]!.path },
  )
}

function place(tree: Dictionary, path: readonly string[], entry: Dictionary): void {
  let folder = tree
  for (const name of path) {
    if (!folder.has(name)) folder.set(name, new Map())
    folder = folder.get(name) as Dictionary
  }
  folder.set('', entry)
}
