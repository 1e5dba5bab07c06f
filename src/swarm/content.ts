import { join } from 'node:path'
import {
  type AbortOptions,
  Bitfield,
  type CreatedTorrent,
  type Hex,
  type Metainfo,
  type P2pShareError,
  pieceRange,
  pieceSize,
  piecesOf,
  spansOf,
  verifyFiles,
} from '../core/index.ts'
import { type DownloadTarget, locationOf } from './download-target.ts'
import { type FileStamp, FileStore, type StoredFile, stampOf } from './store/file-store.ts'
import type { ResumeFolder } from './store/resume.ts'

/** A torrent's files on this machine: where they are, what is held of them, what is still wanted. */
export interface Content {
  readonly metainfo: Metainfo
  /** The file, or the folder of an album. */
  readonly path: string
  readonly store: FileStore
  readonly have: Bitfield
  /** Pieces to fetch. */
  readonly wanted: Bitfield
  /** Indexes of the files to fetch. */
  readonly wantedFiles: readonly number[]
  /** Remembers what is held, for the next start. Without it the content is only ever read. */
  save?(options: { isFlushed: boolean }): Promise<void>
  /** Takes note that all of it is there: from now on a file that changes is `missing`. */
  seal(): Promise<void>
  /** Whether the files that were lost are back as they were. */
  isBack(): Promise<boolean>
  /** Closes files and gives up the path. */
  close(): Promise<void>
}

/** The content of a torrent that was just made of files: all there, only ever read, never remembered as a download. */
export function sourceContent(
  { metainfo, sources }: CreatedTorrent,
  onLost: (error: P2pShareError) => void,
): Content {
  const stamps = new Map<number, FileStamp>()
  const wantedFiles: number[] = []
  let next = 0
  const files = metainfo.files.map(({ offset, sizeBytes, isPad }, index): StoredFile => {
    if (isPad) return { location: undefined, offset, sizeBytes }
    const source = sources[next++]!
    stamps.set(index, source)
    wantedFiles.push(index)
    return { location: source.source, offset, sizeBytes }
  })
  const store = new FileStore({ files, stamps, onLost })
  return {
    metainfo,
    path: sourceTop(
      metainfo,
      sources.map(({ source }) => source),
    ),
    store,
    have: Bitfield.full(metainfo.pieceCount),
    wanted: new Bitfield(metainfo.pieceCount),
    wantedFiles,
    seal: async () => {},
    isBack: () => areAsStamped(files, stamps),
    close: () => store.close(),
  }
}

export interface DownloadContentOptions extends AbortOptions {
  readonly resume: ResumeFolder
  readonly wantedFiles: readonly number[]
  readonly onLost: (error: P2pShareError) => void
  /** Called while pieces on disk are hashed. */
  readonly onProgress?: ((progress: { checkedBytes: number; totalBytes: number }) => void) | undefined
}

/** Opens the content of a download where an earlier run left it; hashes only what changed since. */
export async function downloadContent(
  metainfo: Metainfo,
  infoHash: Hex,
  target: DownloadTarget,
  options: DownloadContentOptions,
): Promise<Content> {
  const { resume, wantedFiles, onLost, signal } = options
  const { path, lock, record } = target
  const isWanted = new Set(wantedFiles)
  const parts = resume.partFolder(infoHash, path)
  const locations = metainfo.files.map((file, index) => {
    if (file.isPad || file.isLink) return undefined
    return isWanted.has(index) ? locationOf(metainfo, path, file.path) : join(parts, String(index))
  })
  const files = metainfo.files.map(
    ({ offset, sizeBytes }, index): StoredFile => ({ location: locations[index], offset, sizeBytes }),
  )
  const stampAt = async (index: number) => {
    const location = locations[index]
    return location === undefined ? undefined : stampOf(location)
  }
  const stamps = await Promise.all(files.map((_, index) => stampAt(index)))
  signal?.throwIfAborted()
  const have = await held()
  const existing = new Set(stamps.keys().filter(index => stamps[index] !== undefined))
  const store = new FileStore({ files, root: metainfo.isAlbum ? path : join(path, '..'), existing, onLost })

  async function held(): Promise<Bitfield> {
    if (target.found) return target.found
    if (!record || record.have.length !== metainfo.pieceCount) return new Bitfield(metainfo.pieceCount)
    const doubtful = record.isTrusted
      ? changedPieces(metainfo, record.stamps, stamps, record.wanted, isWanted)
      : undefined
    const have = new Bitfield(metainfo.pieceCount, record.have.bytes)
    if (doubtful?.count === 0) return have
    const location = new Map(metainfo.files.map((file, index) => [file, locations[index]]))
    const intact = await verifyFiles(metainfo, file => location.get(file), {
      ...(doubtful ? { pieces: doubtful } : {}),
      signal,
      onProgress: ({ hashedBytes, totalBytes }) =>
        options.onProgress?.({ checkedBytes: hashedBytes, totalBytes }),
    })
    if (!doubtful) return intact
    for (let piece = 0; piece < doubtful.length; piece++) {
      if (!doubtful.has(piece)) continue
      if (intact.has(piece)) have.add(piece)
      else have.delete(piece)
    }
    return have
  }

  async function restamp(): Promise<void> {
    for (const index of store.takeWritten()) stamps[index] = await stampAt(index)
  }

  async function save({ isFlushed }: { isFlushed: boolean }): Promise<void> {
    // The pieces are counted before the files are looked at: a piece written in between is hashed again, never missed.
    const counted = new Bitfield(have.length, have.bytes)
    await restamp()
    await resume.save({ infoHash, path, have: counted, wanted: wantedFiles, stamps, isFlushed })
  }

  // The record makes the path ours, so that it must be there before anything is written: else a crash would leave files
  // behind that nobody dares to go on with.
  if (!have.isFull || !record?.isFlushed) await save({ isFlushed: false })
  await store.createEmpty(wantedFiles)

  return {
    metainfo,
    path,
    store,
    have,
    wanted: piecesOf(metainfo, wantedFiles),
    wantedFiles,
    save,
    seal: async () => {
      await restamp()
      store.seal(
        new Map(wantedFiles.flatMap(index => (stamps[index] ? [[index, stamps[index]] as const] : []))),
      )
    },
    isBack: () => areAsStamped(files, new Map(wantedFiles.map(index => [index, stamps[index]]))),
    close: async () => {
      await store.close()
      await lock.release()
    },
  }
}

/** Bytes of the wanted files that a piece holds. */
export function wantedBytesIn({ metainfo }: Content, isWanted: ReadonlySet<number>, piece: number): number {
  let bytes = 0
  for (const { index, length } of spansOf(
    metainfo.files,
    piece * metainfo.pieceLength,
    pieceSize(metainfo, piece),
  )) {
    if (isWanted.has(index)) bytes += length
  }
  return bytes
}

/** Pieces of which a file changed since the record, or which lie in another place now. */
function changedPieces(
  metainfo: Metainfo,
  before: readonly (FileStamp | undefined)[],
  now: readonly (FileStamp | undefined)[],
  wantedBefore: readonly number[],
  wantedNow: ReadonlySet<number>,
): Bitfield {
  const wasWanted = new Set(wantedBefore)
  const pieces = new Bitfield(metainfo.pieceCount)
  for (const [index, file] of metainfo.files.entries()) {
    if (file.isPad || file.isLink) continue
    const [old, found] = [before[index], now[index]]
    const isSame = old?.sizeBytes === found?.sizeBytes && old?.modifiedMs === found?.modifiedMs
    if (isSame && wasWanted.has(index) === wantedNow.has(index)) continue
    const [from, to] = pieceRange(file, metainfo.pieceLength)
    for (let piece = from; piece < to; piece++) pieces.add(piece)
  }
  return pieces
}

async function areAsStamped(
  files: readonly StoredFile[],
  stamps: ReadonlyMap<number, FileStamp | undefined>,
): Promise<boolean> {
  for (const [index, stamp] of stamps) {
    const found = await stampOf(files[index]!.location!)
    if (found?.sizeBytes !== stamp?.sizeBytes || found?.modifiedMs !== stamp?.modifiedMs) return false
  }
  return true
}

/** The folder that an album was shared from: what its sources have in common. */
function sourceTop({ isAlbum }: Metainfo, sources: readonly string[]): string {
  const first = sources[0] ?? ''
  if (!isAlbum) return first
  let top = join(first, '..')
  for (const source of sources) while (!source.startsWith(join(top, '/'))) top = join(top, '..')
  return top
}
