import type { AbortOptions, Bitfield, Metainfo, TorrentFile } from '../../core/index.ts'
import { type FileStamp, isSameStamp, stampOf } from '../store/file-stamp.ts'
import type { FileStore, StoredFile } from '../store/file-store.ts'

/** Called while files are hashed. */
export interface CheckOptions extends AbortOptions {
  readonly onProgress?: ((progress: { checkedBytes: number; totalBytes: number }) => void) | undefined
}

/** A torrent's files on this machine: where they are, what is held of them, what is still wanted. */
export interface Content {
  readonly metainfo: Metainfo
  /** The file, or the folder of an album. */
  readonly path: string
  readonly store: FileStore
  /** Another one after `verify`. */
  readonly have: Bitfield
  /** Pieces to fetch. */
  readonly wanted: Bitfield
  /** Indexes of the files to fetch. */
  readonly wantedFiles: readonly number[]
  /** Takes note that all of it is there: from now on a file that changes is `missing`. */
  seal(): Promise<void>
  /**
   * The index of a file that is not as it was, `undefined` where they all are; looks at `first` before the others. Of what is
   * still fetched, one that was begun and is not there.
   */
  findAmiss(first: number | undefined): Promise<number | undefined>
  /** Whether all that an earlier run wrote was gone when it was opened, and has not been checked since. */
  readonly isAwaited?: boolean
  /** Where the file of an index is: not of a pad. */
  locationAt(index: number): string
  /** Opens files anew from now on, because those at their paths may be others. */
  letGo(): void
  /** Hashes everything that is there, and takes what it finds for what is held. Nothing may be written meanwhile. */
  verify(options: CheckOptions): Promise<void>
  /** Closes files and gives up the path. Idempotent. */
  close(): Promise<void>
  /** What can be done with a download, but not with files that somebody shares. */
  readonly download?: DownloadControl
}

/** A download's files, which are ours to write, move and delete. */
export interface DownloadControl {
  /** Whether it was opened complete, and all that is to be remembered of it is on disk already. */
  readonly isRecorded: boolean
  /** Remembers what is held, for the next start. */
  save(options: { isFlushed: boolean }): Promise<void>
  /** Sees to it that all that is held outlives a power cut. */
  flush(): Promise<void>
  /**
   * Changes which files are fetched; what is held of the others stays where it is.
   * @throws {P2pShareError} `ERR_TARGET_EXISTS` where a file of somebody else is in the place; nothing is changed then
   */
  select(files: readonly number[]): Promise<void>
  /**
   * Puts the files into another folder, made where missing; reading and writing wait meanwhile.
   * @throws {P2pShareError} `ERR_TARGET_EXISTS`, `ERR_HOME_LOCKED`, `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`; all is as before then
   */
  moveTo(folder: string, options: AbortOptions): Promise<void>
  /**
   * Forgets the download, in place of `close`, and with `data` deletes the files that it wrote.
   * @returns with `data`, files that were left because somebody else made or changed them
   */
  erase(options: { data: boolean }): Promise<readonly string[]>
}

/** Whether a file has bytes of its own: not a pad, not a link. */
export function isReal({ isPad, isLink }: TorrentFile): boolean {
  return !isPad && !isLink
}

/** The index of a file that is not as it was stamped: see `Content.findAmiss`. */
export async function findUnlikeStamp(
  files: readonly StoredFile[],
  stamps: ReadonlyMap<number, FileStamp | undefined>,
  first: number | undefined,
): Promise<number | undefined> {
  const isAmiss = async (index: number) =>
    !isSameStamp(await stampOf(files[index]!.location!), stamps.get(index))
  if (first !== undefined && stamps.has(first) && (await isAmiss(first))) return first
  for (const index of stamps.keys()) if (index !== first && (await isAmiss(index))) return index
  return undefined
}
