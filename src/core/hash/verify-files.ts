import { lstat } from 'node:fs/promises'
import type { AbortOptions } from '../abort.ts'
import { Bitfield } from '../bitfield.ts'
import type { Hex } from '../torrent/info-hash.ts'
import type { Metainfo, TorrentFile } from '../torrent/metainfo.ts'
import type { ContentPart } from './content-reader.ts'
import { hashPieces } from './hash-pieces.ts'
import { type HashProgress, HashProgressMeter } from './hash-progress.ts'
import { PieceCheck } from './piece-check.ts'
import type { HashJob } from './piece-hasher.ts'

export interface VerifyOptions extends AbortOptions {
  /** The pieces to look at. @default all */
  pieces?: Bitfield | undefined
  /** Called while hashing; pieces that are not looked at count as done. */
  onProgress?: ((progress: HashProgress) => void) | undefined
  /** Called with each piece layer (BEP 52) that a v2-only torrent lacked and that was worked out from an intact file. */
  onLayer?: ((root: Hex, layer: Uint8Array) => void) | undefined
}

const lookedUpTogether = 64

/**
 * Finds out which pieces of a torrent are on disk and intact, by their SHA-1 hashes (BEP 3) or, where the torrent is v2
 * only, by its merkle trees (BEP 52): without its piece layer a file is intact as a whole or not at all. Pads are zeros. A
 * file that is missing, too short, not readable or not a regular file simply holds no pieces there; symbolic links are
 * not followed. Nothing is written.
 *
 * @param resolve where a file is on this machine, as an absolute path; `undefined` where it is not
 * @returns the intact ones among the pieces looked at
 */
export async function verifyFiles(
  metainfo: Metainfo,
  resolve: (file: TorrentFile) => string | undefined,
  { pieces = Bitfield.full(metainfo.pieceCount), signal, onProgress, onLayer }: VerifyOptions = {},
): Promise<Bitfield> {
  const isV2 = metainfo.format === 'v2'
  const paths = metainfo.files.map(file => (file.isPad || file.isLink ? undefined : resolve(file)))
  const missing = await findMissing(metainfo, paths, signal)
  const job: HashJob = {
    pieceLength: metainfo.pieceLength,
    contentLength: metainfo.contentLength,
    parts: metainfo.files.map((file, index) => partOf(file, paths[index])),
    withSha1: !isV2,
    withTree: isV2,
    skipsUnreadable: true,
  }
  const candidates = Uint32Array.from(candidatesAmong(pieces, missing))
  const intact = new Bitfield(metainfo.pieceCount)
  const check = new PieceCheck(metainfo, piece => intact.add(piece), onLayer)
  const meter = onProgress && new HashProgressMeter(job, candidates)
  await hashPieces(
    job,
    candidates,
    hashes => {
      check.add(hashes)
      if (meter) onProgress?.(meter.add(hashes.pieces))
    },
    { signal },
  )
  return intact
}

function partOf({ offset, sizeBytes, isPad }: TorrentFile, path: string | undefined): ContentPart {
  // No piece that touches a file without a path is ever read; an empty path could not be opened either.
  return { offset, sizeBytes, path: isPad ? undefined : (path ?? ''), modifiedMs: undefined }
}

/** The pieces that hold bytes which are certainly not there, so that none of them is tried in vain. */
async function findMissing(
  { files, pieceLength, pieceCount }: Metainfo,
  paths: readonly (string | undefined)[],
  signal: AbortSignal | undefined,
): Promise<Bitfield> {
  const missing = new Bitfield(pieceCount)
  for (let at = 0; at < files.length; at += lookedUpTogether) {
    signal?.throwIfAborted()
    const batch = files.slice(at, at + lookedUpTogether)
    const present = await Promise.all(batch.map((file, index) => presentBytes(file, paths[at + index])))
    for (const [index, { offset, sizeBytes }] of batch.entries()) {
      if (present[index]! >= sizeBytes) continue
      const end = Math.ceil((offset + sizeBytes) / pieceLength)
      for (let piece = Math.floor((offset + present[index]!) / pieceLength); piece < end; piece++)
        missing.add(piece)
    }
  }
  return missing
}

async function presentBytes(
  { isPad, isLink, sizeBytes }: TorrentFile,
  path: string | undefined,
): Promise<number> {
  if (isPad || isLink || sizeBytes === 0) return sizeBytes
  if (path === undefined) return 0
  const stats = await lstat(path).catch(() => undefined)
  return stats?.isFile() ? stats.size : 0
}

function* candidatesAmong(pieces: Bitfield, missing: Bitfield): Generator<number> {
  for (let piece = 0; piece < missing.length; piece++)
    if (pieces.has(piece) && !missing.has(piece)) yield piece
}
