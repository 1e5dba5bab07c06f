import { createHash } from 'node:crypto'
import type { Metainfo } from '../../src/core/index.ts'

/** A single-file v1 torrent of bytes in memory, put together by hand so that engines are tested by themselves. */
export function makeTorrent(name: string, content: Uint8Array, pieceLength: number): Metainfo {
  const pieceCount = Math.ceil(content.length / pieceLength)
  const pieces = Buffer.concat(
    Array.from({ length: pieceCount }, (_, index) =>
      createHash('sha1')
        .update(content.subarray(index * pieceLength, (index + 1) * pieceLength))
        .digest(),
    ),
  )
  const infoBytes = Buffer.concat([
    Buffer.from(`d6:lengthi${content.length}e4:name${Buffer.byteLength(name)}:${name}`),
    Buffer.from(`12:piece lengthi${pieceLength}e6:pieces${pieces.length}:`),
    pieces,
    Buffer.from('e'),
  ])
  return {
    bytes: Buffer.concat([Buffer.from('d4:info'), infoBytes, Buffer.from('e')]),
    infoBytes,
    format: 'v1',
    infoHash: createHash('sha1').update(infoBytes).digest('hex'),
    name,
    pieceLength,
    pieceCount,
    pieces,
    pieceLayers: new Map(),
    contentLength: content.length,
    sizeBytes: content.length,
    files: [{ path: name, sizeBytes: content.length, offset: 0, isPad: false, isLink: false }],
    isAlbum: false,
    isPrivate: false,
    trackers: [],
    webSeeds: [],
  }
}
