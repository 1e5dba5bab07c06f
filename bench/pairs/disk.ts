import { readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that files at or below `path` take on the disk, holes not counted; 0 where nothing is there. */
export function bytesOnDisk(path: string): number {
  try {
    const found = statSync(path)
    if (!found.isDirectory()) return found.blocks * 512
    return readdirSync(path).reduce((sum, name) => sum + bytesOnDisk(join(path, name)), 0)
  } catch {
    return 0
  }
}

/** Takes what files below `folder` hold, and leaves them there. */
export function emptyFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) truncateSync(join(entry.parentPath, entry.name))
}
