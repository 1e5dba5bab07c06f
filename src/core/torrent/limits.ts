/** What a torrent may be at most. docs/limits.md says where each number comes from. */
export const maxTorrentBytes = 10_000_000
export const maxPieceCount = 2_097_152
export const maxFileCount = 100_000
/** Of a piece as it is held in memory. */
export const maxPieceBytes = 64 * 1024 * 1024
/** What `piece length` may say where the whole content is a single piece that is shorter than that. */
export const maxPieceLength = 512 * 1024 * 1024
/** BEP 52. */
export const minPieceLengthV2 = 16 * 1024
export const maxTrackers = 100
export const maxWebSeeds = 100
export const maxCommentLength = 4096
export const maxCreatedByLength = 256
