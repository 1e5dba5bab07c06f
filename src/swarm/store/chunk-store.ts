/**
 * Where a torrent's content lives. Offsets are absolute within the torrent's content (pads counted), so a read or
 * write may span files. An engine reads blocks for peers and writes whole pieces that passed their hash.
 */
export interface ChunkStore {
  /**
   * Fills `into` with the content that starts at `offset`.
   * @throws {P2pShareError} `ERR_SOURCE_CHANGED` where a file is gone, shorter or newer than it was;
   *   `ERR_UNREADABLE_FILE`
   */
  read(offset: number, into: Uint8Array): Promise<void>
  /**
   * Fills several stretches of memory with what follows from `offset` on, one after the other, in as few calls to the system as
   * may be. Throws as {@link read} does.
   */
  readInto(offset: number, parts: readonly Uint8Array[]): Promise<void>
  /**
   * Writes one verified piece. Resolves once the operating system has it.
   * @throws {P2pShareError} `ERR_DISK_FULL`, `ERR_CANNOT_WRITE`, `ERR_TARGET_EXISTS`; the piece is then not held
   */
  write(offset: number, bytes: Uint8Array): Promise<void>
  /** Writes several verified pieces that follow each other, all of them or, where it throws as {@link write} does, none for sure. */
  writeFrom(offset: number, parts: readonly Uint8Array[]): Promise<void>
  /** Flushes what was written to the disk. */
  flush(): Promise<void>
  /** Closes every handle; idempotent. */
  close(): Promise<void>
}
