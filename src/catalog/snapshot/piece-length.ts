const least = 16 * 1024
const most = 1024 * 1024
const pieces = 2_048

/**
 * Bytes in a piece of a catalog's torrent: every file takes whole pieces, so that they have to be small for an update to
 * be small, and still few for the metadata to be.
 */
export function snapshotPieceLength(sizeBytes: number): number {
  const ideal = 2 ** Math.ceil(Math.log2(Math.max(sizeBytes, 1) / pieces))
  return Math.min(Math.max(ideal, least), most)
}
