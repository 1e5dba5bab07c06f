/** A watched folder that was there once. */
export interface WatchFolderRow {
  readonly path: string
  /** Numbers of the device that it is on and of the folder there: others where its disk is not there. */
  readonly device: string
}

/** Something in a watched folder that was dealt with: shared, or fetched. */
export interface WatchedRow {
  /** Absolute. */
  readonly path: string
  readonly folder: string
  /** `link`: a .torrent or .magnet file. */
  readonly kind: 'clip' | 'album' | 'link'
  /** Empty of a link that could not be used. */
  readonly info_hash: string
  /** Changes with any name, size or time in it. */
  readonly stamp: string
  /** Of the sizes, times and inodes alone: it stays as things are renamed or moved. */
  readonly identity: string
  /** The rules that its torrent was made with, as JSON. */
  readonly made_with: string
  /** What it is listed with, as JSON; empty where it is in no catalog. */
  readonly listed_as: string
  /** Whether it is on another disk than its folder. */
  readonly is_elsewhere: number
  /** Path below it, size, time and inode of each file, as JSON. */
  readonly files: string
}
