import type { ParsedTorrent } from 'webtorrent'
import type { Metainfo } from '../../../core/index.ts'
import type { JoinInit, TorrentContent } from '../../engine.ts'

/** A torrent that our reader has checked, in the shape that webtorrent's own parser gives. */
export function parsedTorrent(
  { infoHash, trackers, isPrivate }: JoinInit,
  { metainfo, webSeeds }: TorrentContent,
): ParsedTorrent {
  const { name, contentLength, pieceLength, pieceCount } = metainfo
  return {
    infoHash,
    name,
    private: isPrivate || metainfo.isPrivate,
    announce: [...trackers],
    urlList: [...webSeeds],
    info: {},
    length: contentLength,
    pieceLength,
    lastPieceLength: contentLength - (pieceCount - 1) * pieceLength,
    pieces: pieceHashes(metainfo),
    // One stretch of bytes spares webtorrent a walk over all files after each piece.
    files: [{ path: name, name, length: contentLength, offset: 0 }],
  }
}

function pieceHashes({ pieces, pieceCount }: Metainfo): string[] {
  const hex = Buffer.from(pieces.buffer, pieces.byteOffset, pieces.length).toString('hex')
  return Array.from({ length: pieceCount }, (_, index) => hex.slice(index * 40, index * 40 + 40))
}
