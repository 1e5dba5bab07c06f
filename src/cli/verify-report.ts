import { stat } from 'node:fs/promises'
import { type Bitfield, listFiles, type Metainfo, pieceRange, pieceSize } from '../core/index.ts'
import type { ResolveFile } from './locate-content.ts'

/** How a file on disk stands against its torrent. */
export interface CheckedFile {
  readonly number: number
  readonly path: string
  readonly sizeBytes: number
  /**
   * `unproven`: only pieces that it shares with a missing or damaged neighbour do not match, so that it may be intact.
   */
  readonly status: 'ok' | 'missing' | 'wrong size' | 'damaged' | 'unproven'
  readonly pieces: number
  readonly badPieces: number
}

/** Says of each file how it stands, from the pieces that were found intact. */
export async function checkFiles(
  metainfo: Metainfo,
  held: Bitfield,
  resolveFile: ResolveFile,
): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = []
  for (const { number, index, file } of listFiles(metainfo.files)) {
    const { path, sizeBytes } = file
    const [first, end] = pieceRange(file, metainfo.pieceLength)
    const next = metainfo.files[index + 1]
    const ownEnd = file.offset + sizeBytes + (next?.isPad ? next.sizeBytes : 0)
    let badPieces = 0
    let isOwn = false
    for (let piece = first; piece < end; piece++) {
      if (held.has(piece)) continue
      const start = piece * metainfo.pieceLength
      badPieces++
      isOwn ||= start >= file.offset && start + pieceSize(metainfo, piece) <= ownEnd
    }
    const status = (await statusOnDisk(resolveFile(file), sizeBytes)) ?? statusOf(badPieces, isOwn)
    checked.push({ number, path, sizeBytes, status, pieces: end - first, badPieces })
  }
  return checked
}

async function statusOnDisk(
  path: string | undefined,
  sizeBytes: number,
): Promise<CheckedFile['status'] | undefined> {
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined)
  if (!found?.isFile()) return 'missing'
  return found.size === sizeBytes ? undefined : 'wrong size'
}

function statusOf(badPieces: number, isOwn: boolean): CheckedFile['status'] {
  if (badPieces === 0) return 'ok'
  return isOwn ? 'damaged' : 'unproven'
}
