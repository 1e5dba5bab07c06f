/** A regular file on this machine that a torrent is made of and seeded from. It is only ever read. */
export interface SourceFile {
  /** Absolute path on this machine. */
  readonly source: string
  /** Where it stands in the torrent, below the torrent's name; empty where the file is the whole torrent. */
  readonly path: readonly string[]
  readonly sizeBytes: number
  /** Modification time in milliseconds, as it was when the file was found: a later change is noticed by it. */
  readonly modifiedMs: number
}
