import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileSystemError } from '../../core/index.ts'

export interface DiskRoom {
  readonly freeBytes: number
  readonly sizeBytes: number
}

/**
 * How much room there is on the disk of a folder, which need not exist yet.
 * @throws {P2pShareError} `ERR_UNREADABLE_FILE`
 */
export async function diskRoomAt(folder: string): Promise<DiskRoom> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, blocks, bsize } = await statfs(path)
      return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize }
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (!isMissing || path === dirname(path)) throw fileSystemError(error, path, 'read')
    }
  }
}

/** Bytes that may still be written below a folder: see {@link diskRoomAt}. */
export async function freeBytesAt(folder: string): Promise<number> {
  return (await diskRoomAt(folder)).freeBytes
}
