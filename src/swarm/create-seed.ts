import {
  type CreatedTorrent,
  type CreateOptions,
  cleanCopies,
  createFromFiles,
  scanFiles,
} from '../core/index.ts'
import type { SeedCache } from './seed-cache.ts'

/** How files are shared. */
export interface SeedOptions extends CreateOptions {
  /** `strip` shares copies without the position where photos and videos were taken. @default 'keep' */
  location?: 'keep' | 'strip' | undefined
  /** Called after each file that was looked through, with how many were copied without their position so far. */
  onCleaned?: ((progress: { filesDone: number; fileCount: number; copied: number }) => void) | undefined
  /** Peers to tell at once, `host:port`. */
  peers?: readonly string[] | undefined
}

/** Makes the torrent of files that are to be shared: cleaned copies where asked for, and no hashing of what is known. */
export async function createSeed(
  paths: readonly string[],
  options: SeedOptions,
  { cache, cleanFolder }: { cache: SeedCache; cleanFolder: string },
): Promise<CreatedTorrent> {
  // Where relative paths begin does not matter to what was made of the files there.
  const { location, onCleaned, peers: _, signal, onProgress: __, cwd: ___, ...kept } = options
  let scan = await scanFiles(paths, options)
  if (location === 'strip') {
    scan = { ...scan, files: await cleanCopies(scan.files, cleanFolder, { signal, onProgress: onCleaned }) }
  }
  const known = await cache.find(scan, kept)
  if (known) return known
  const created = await createFromFiles(scan, options)
  await cache.keep(scan, kept, created).catch(() => {})
  return created
}
