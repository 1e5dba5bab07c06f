import type { Dirent, Stats } from 'node:fs'
import { access, constants, lstat, readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { AbortOptions } from '../abort.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import { distinctNames } from './distinct-names.ts'
import { maxFileCount } from './limits.ts'
import { isLitter } from './os-litter.ts'
import { makePathFilter, type PathFilter } from './path-filter.ts'
import type { SourceFile } from './source-file.ts'
import { compareNames } from './tree-order.ts'

/** Why something found on the way is not shared. */
export type SkipReason =
  | 'symlink'
  | 'special'
  | 'unreadable'
  | 'hidden'
  | 'litter'
  | 'excluded'
  | 'empty folder'

/** Something that was found and is not shared: a file, or a folder with all that is in it. */
export interface Skipped {
  /** Absolute path on this machine. */
  readonly path: string
  readonly reason: SkipReason
}

/** What a torrent would be made of. */
export interface Scan {
  /** The file's or folder's own name; for several paths that of the first. */
  readonly name: string
  /** Whether it is a folder of files rather than one bare file. */
  readonly isAlbum: boolean
  /** In the order of the torrent. */
  readonly files: readonly SourceFile[]
  readonly skipped: readonly Skipped[]
}

export interface ScanOptions extends AbortOptions {
  /** Where relative paths start. @default the process's working directory */
  cwd?: string | undefined
  /** Globs: only files that match one are taken. Matched without regard to case against the path below the torrent's name, its folders, and the bare name. */
  include?: readonly string[] | undefined
  /** Globs: files and folders that match one are left out. */
  exclude?: readonly string[] | undefined
  /** Takes hidden files and the litter of operating systems too. @default false */
  hidden?: boolean | undefined
}

const mostNamed = 3

/**
 * Finds the regular files at and below the given paths. Symbolic links are never followed, not even where one is
 * given itself; whatever is not shared is in `skipped` with its reason. Files are only looked at, not opened.
 *
 * A single file stands for itself; a folder, or several paths, make an album. The order is that of create-torrent: as
 * given, and by the bytes of the names within folders. Given paths that have the same name get distinct ones
 * (`photo.1.jpg`). A path that is given itself is taken even if it is hidden.
 *
 * @throws {P2pShareError} `ERR_PATH_NOT_FOUND`, `ERR_NOTHING_TO_SHARE` where no file with any bytes is left,
 *   `ERR_TORRENT_TOO_LARGE` past 100,000 files, `ERR_INVALID_ARGUMENT` for a bad glob
 */
export async function scanFiles(paths: readonly string[], options: ScanOptions = {}): Promise<Scan> {
  const { cwd = '.', include, exclude, hidden = false, signal } = options
  const given = [...new Set(paths.map(path => resolve(cwd, path)))]
  const scanner = new Scanner(await makePathFilter(include, exclude), hidden, signal)

  const roots: { path: string; stats: Stats }[] = []
  for (const path of given) {
    signal?.throwIfAborted()
    const stats = await lstat(path).catch(error => {
      throw fileSystemError(error, path, 'read')
    })
    const reason = stats.isDirectory() ? undefined : reasonAgainst(stats)
    if (reason) scanner.skipped.push({ path, reason })
    else roots.push({ path, stats })
  }

  const isAlbum = roots.length > 1 || roots[0]?.stats.isDirectory() === true
  const names = distinctNames(roots.map(({ path }) => basename(path)))
  for (const [index, { path, stats }] of roots.entries()) {
    const below = roots.length > 1 ? [names[index]!] : []
    if (stats.isDirectory()) await scanner.walk(path, below)
    else await scanner.take(path, isAlbum ? below : [names[index]!], stats)
  }
  const { files, skipped } = scanner
  if (!files.some(file => file.sizeBytes > 0)) throw nothingToShare(given, scanner)
  return {
    name: names[0] || 'files',
    isAlbum,
    files: isAlbum ? files : files.map(file => ({ ...file, path: [] })),
    skipped,
  }
}

class Scanner {
  readonly files: SourceFile[] = []
  readonly skipped: Skipped[] = []
  readonly #filter: PathFilter
  readonly #hidden: boolean
  readonly #signal: AbortSignal | undefined

  constructor(filter: PathFilter, hidden: boolean, signal: AbortSignal | undefined) {
    this.#filter = filter
    this.#hidden = hidden
    this.#signal = signal
  }

  async walk(folder: string, path: readonly string[]): Promise<void> {
    this.#signal?.throwIfAborted()
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
    if (!entries) return this.#skip(folder, 'unreadable')
    if (entries.length === 0) return this.#skip(folder, 'empty folder')

    const wanted: Dirent[] = []
    for (const entry of entries.sort((a, b) => compareNames(a.name, b.name))) {
      const reason = this.#reasonByName(entry.name, [...path, entry.name])
      if (reason) this.#skip(join(folder, entry.name), reason)
      else wanted.push(entry)
    }
    for (const batch of batches(wanted)) {
      const found = await Promise.all(
        batch.map(({ name }) => lstat(join(folder, name)).catch(() => undefined)),
      )
      for (const [index, { name }] of batch.entries()) {
        const stats = found[index]
        const source = join(folder, name)
        if (!stats) this.#skip(source, 'unreadable')
        else if (stats.isDirectory()) await this.walk(source, [...path, name])
        else await this.take(source, [...path, name], stats)
      }
    }
  }

  async take(source: string, path: readonly string[], stats: Stats): Promise<void> {
    const reason = reasonAgainst(stats)
    if (reason) return this.#skip(source, reason)
    if (this.#filter.excludes(path) || !this.#filter.includes(path)) return this.#skip(source, 'excluded')
    if (!(await isReadable(source, stats))) return this.#skip(source, 'unreadable')
    if (this.files.length === maxFileCount)
      throw new P2pShareError(
        'ERR_TORRENT_TOO_LARGE',
        `${source} is one file too many: a torrent holds ${maxFileCount}, share the folders one by one`,
      )
    this.files.push({ source, path, sizeBytes: stats.size, modifiedMs: stats.mtimeMs })
  }

  #reasonByName(name: string, path: readonly string[]): SkipReason | undefined {
    if (!this.#hidden && isLitter(name)) return 'litter'
    if (!this.#hidden && name.startsWith('.')) return 'hidden'
    return this.#filter.excludes(path) ? 'excluded' : undefined
  }

  #skip(path: string, reason: SkipReason): void {
    this.skipped.push({ path, reason })
  }
}

function reasonAgainst(stats: Stats): SkipReason | undefined {
  if (stats.isSymbolicLink()) return 'symlink'
  return stats.isFile() ? undefined : 'special'
}

/** Asks the system only about files that not everybody may read. */
async function isReadable(path: string, { mode }: Stats): Promise<boolean> {
  if ((mode & 0o444) === 0o444) return true
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}

function* batches<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += 512) yield items.slice(at, at + 512)
}

function nothingToShare(given: readonly string[], { files, skipped }: Scanner): P2pShareError {
  if (given.length === 0) return new P2pShareError('ERR_NOTHING_TO_SHARE', 'No path was given to share')
  const reasons = skipped.slice(0, mostNamed).map(({ path, reason }) => `${path} (${reason})`)
  if (files.length > 0) reasons.unshift(`${files.length === 1 ? files[0]!.source : 'every file'} is empty`)
  else if (skipped.length > 0) reasons.unshift('everything was left out')
  if (skipped.length > mostNamed) reasons.push(`and ${skipped.length - mostNamed} more`)
  return new P2pShareError(
    'ERR_NOTHING_TO_SHARE',
    `There is nothing to share at ${given.slice(0, mostNamed).join(', ')}: ${reasons.join(', ')}`,
  )
}
