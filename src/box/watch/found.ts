/** A file of something that was found, as it is at the moment. */
export interface FoundFile {
  /** Below the thing's own path; empty where it is the thing. */
  readonly path: string
  readonly sizeBytes: number
  /** Nanoseconds since 1970. */
  readonly modifiedNs: string
  readonly inode: string
}

/** What cannot be read. */
export interface Unreadable {
  readonly path: string
  readonly error: unknown
}

/**
 * A direct child of a watched folder, as it is at the moment: a clip, an album, or a link (a `.torrent` or `.magnet` file) to be
 * fetched.
 */
export interface Found {
  readonly path: string
  readonly kind: 'clip' | 'album' | 'link'
  readonly files: readonly FoundFile[]
  readonly sizeBytes: number
  /** Changes with any name, size or time in it. */
  readonly stamp: string
  /** Of the sizes, times and inodes alone: it stays as things are renamed or moved. */
  readonly identity: string
  /** As the stamp, with those files too that somebody still writes under a name of their own. */
  readonly unrest: string
  readonly device: string
  readonly unreadable: readonly Unreadable[]
}
