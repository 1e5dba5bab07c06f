import { Bitfield, type Metainfo, pieceRange, verifyFiles } from '../../core/index.ts'
import { type FileStamp, isSameStamp } from '../store/file-stamp.ts'
import type { ResumeRecord } from '../store/resume.ts'
import { type CheckOptions, isReal } from './content.ts'

/** Where the files of a torrent are, and what they are like now. */
export interface FilesNow {
  readonly metainfo: Metainfo
  /** By index; `undefined` for pads and links. */
  readonly locations: readonly (string | undefined)[]
  readonly stamps: readonly (FileStamp | undefined)[]
  /** Files that are in their own place, not among the parts. */
  readonly placed: ReadonlySet<number>
}

/** The pieces that are held, according to what was remembered; hashes only what changed since. */
export async function heldPieces(
  now: FilesNow,
  record: (ResumeRecord & { isTrusted: boolean }) | undefined,
  options: CheckOptions,
): Promise<Bitfield> {
  const { metainfo } = now
  if (record?.have.length !== metainfo.pieceCount) return new Bitfield(metainfo.pieceCount)
  if (!record.isTrusted) return verifyAll(now, options)
  const doubtful = changedPieces(now, record)
  const have = new Bitfield(metainfo.pieceCount, record.have.bytes)
  if (doubtful.count === 0) return have
  const intact = await verifyAll(now, options, doubtful)
  for (let piece = 0; piece < doubtful.length; piece++) {
    if (!doubtful.has(piece)) continue
    if (intact.has(piece)) have.add(piece)
    else have.delete(piece)
  }
  return have
}

/** Files beside those that are chosen now that an earlier run was to fetch and that are here whole: they stay chosen. */
export function wholeFiles(
  metainfo: Metainfo,
  record: Pick<ResumeRecord, 'wanted'> | undefined,
  chosen: readonly number[],
  have: Bitfield,
): number[] {
  if (!record || record.wanted.length === 0) return []
  const isChosen = new Set(chosen)
  return record.wanted.filter(index => {
    const file = metainfo.files[index]
    if (!file || isChosen.has(index)) return false
    const [from, to] = pieceRange(file, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) if (!have.has(piece)) return false
    return true
  })
}

/** The pieces, of all or of some, that are there and intact. */
export function verifyAll(
  { metainfo, locations }: Pick<FilesNow, 'metainfo' | 'locations'>,
  { signal, onProgress }: CheckOptions,
  pieces?: Bitfield,
): Promise<Bitfield> {
  const location = new Map(metainfo.files.map((file, index) => [file, locations[index]]))
  return verifyFiles(metainfo, file => location.get(file), {
    ...(pieces ? { pieces } : {}),
    signal,
    onProgress: ({ hashedBytes, totalBytes }) => onProgress?.({ checkedBytes: hashedBytes, totalBytes }),
  })
}

/** Pieces of which a file changed since the record, or which lie in another place now. */
function changedPieces({ metainfo, stamps, placed }: FilesNow, record: ResumeRecord): Bitfield {
  const placedBefore = new Set(record.placed)
  const pieces = new Bitfield(metainfo.pieceCount)
  for (const [index, file] of metainfo.files.entries()) {
    if (!isReal(file)) continue
    const isSame = isSameStamp(record.stamps[index], stamps[index])
    if (isSame && placedBefore.has(index) === placed.has(index)) continue
    const [from, to] = pieceRange(file, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) pieces.add(piece)
  }
  return pieces
}

/** Whether a record that was read says all there is to say now, so that it need not be written anew. */
export function isSameRecord(read: ResumeRecord & { isTrusted: boolean }, now: ResumeRecord): boolean {
  const { have, stamps } = now
  return (
    read.isTrusted &&
    read.have.length === have.length &&
    Buffer.compare(read.have.bytes, have.bytes) === 0 &&
    isSameList(read.wanted, now.wanted) &&
    isSameList(read.placed, now.placed) &&
    isSameList(read.foreign, now.foreign) &&
    read.stamps.length === stamps.length &&
    read.stamps.every((stamp, index) => isSameStamp(stamp, stamps[index]))
  )
}

function isSameList(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}
