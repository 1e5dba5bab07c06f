import { createHash } from 'node:crypto'
import type { Hex, Metainfo, TorrentFile } from '../../src/core/index.ts'
import { rootOfPieceLayer } from '../../src/core/torrent/merkle.ts'
import { sampleBytes } from './sample-files.ts'

/** A v2 torrent of files of so many pieces each, with layers that look random: nothing hashes to them. */
export function layeredTorrent(pieceCounts: readonly number[], pieceLength = 16_384): Metainfo {
  const files: TorrentFile[] = []
  const pieceLayers = new Map<Hex, Uint8Array>()
  const random = sampleBytes(pieceCounts.reduce((sum, count) => sum + count, 0) * 32, 'layers')
  let pieces = 0
  for (const [index, count] of pieceCounts.entries()) {
    const layer = new Uint8Array(random.subarray(pieces * 32, (pieces + count) * 32))
    const piecesRoot = rootOfPieceLayer(layer, pieceLength)
    pieceLayers.set(Buffer.from(piecesRoot).toString('hex'), layer)
    const offset = pieces * pieceLength
    const sizeBytes = count * pieceLength
    files.push({ path: `all/${index}`, sizeBytes, offset, isPad: false, isLink: false, piecesRoot })
    pieces += count
  }
  const infoBytes = Buffer.from(`layers of ${pieceCounts.length} files`)
  return {
    bytes: infoBytes,
    infoBytes,
    format: 'v2',
    infoHashV2: createHash('sha256').update(infoBytes).digest('hex'),
    name: 'all',
    pieceLength,
    pieceCount: pieces,
    pieces: new Uint8Array(),
    pieceLayers,
    contentLength: pieces * pieceLength,
    sizeBytes: pieces * pieceLength,
    files,
    isAlbum: true,
    isPrivate: false,
    trackers: [],
    webSeeds: [],
  }
}
