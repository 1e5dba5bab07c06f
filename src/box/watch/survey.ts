import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { access, constants, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isLitter, tellsAbsence } from '../../core/index.ts'
import type { Found, FoundFile, Unreadable } from './found.ts'
import { isUnfinished } from './unfinished.ts'

const statsAtOnce = 256
const linkName = /\.(?:torrent|magnet)$/i

/** Whether something of this name in a watched folder is nobody's clip or album. */
export function isLeftOut(name: string): boolean {
  return name.startsWith('.') || isLitter(name) || isUnfinished(name)
}

/**
 * Looks at a clip, an album or a link without opening a file: what is there, and what it is like. Leaves out what `scanFiles` leaves
 * out, and what is still being written under a name of its own. `undefined` where there is nothing to share.
 *
 * @param onFolder called before a folder is looked through, so that nothing that happens meanwhile is missed
 */
export async function survey(path: string, onFolder: (folder: string) => void): Promise<Found | undefined> {
  const stats = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (isGone(error, path)) return undefined
    throw error
  })
  if (!stats || (!stats.isFile() && !stats.isDirectory())) return undefined
  const surveyor = new Surveyor(onFolder)
  if (stats.isDirectory()) await surveyor.walk(path, '')
  else await surveyor.take(path, '', stats)
  const { files, unreadable } = surveyor
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  if (sizeBytes === 0 && unreadable.length === 0) return undefined
  return {
    path,
    kind: stats.isDirectory() ? 'album' : linkName.test(path) ? 'link' : 'clip',
    files,
    sizeBytes,
    stamp: digest(files.map(({ path: below, sizeBytes: size, modifiedNs }) => [below, size, modifiedNs])),
    identity: identityOf(files),
    unrest: digest([...files, ...surveyor.unfinished].map(file => Object.values(file))),
    device: String(stats.dev),
    unreadable,
  }
}

/** The same for the same files under other names. */
function identityOf(files: readonly FoundFile[]): string {
  return digest(files.map(({ sizeBytes, modifiedNs, inode }) => [sizeBytes, modifiedNs, inode]))
}

class Surveyor {
  readonly files: FoundFile[] = []
  readonly unfinished: FoundFile[] = []
  readonly unreadable: Unreadable[] = []
  readonly #onFolder: (folder: string) => void

  constructor(onFolder: (folder: string) => void) {
    this.#onFolder = onFolder
  }

  async walk(folder: string, below: string): Promise<void> {
    this.#onFolder(folder)
    const names = await readdir(folder).catch(error => {
      this.unreadable.push({ path: folder, error })
      return []
    })
    const wanted = names.filter(name => isUnfinished(name) || !isLeftOut(name))
    for (let at = 0; at < wanted.length; at += statsAtOnce) {
      const batch = wanted.slice(at, at + statsAtOnce)
      const found = await Promise.all(batch.map(name => this.#stats(join(folder, name))))
      for (const [index, name] of batch.entries()) {
        const stats = found[index]
        const path = below === '' ? name : `${below}/${name}`
        if (!stats) continue
        if (isUnfinished(name)) this.unfinished.push(fileOf(path, stats))
        else if (stats.isDirectory()) await this.walk(join(folder, name), path)
        else if (stats.isFile()) await this.take(join(folder, name), path, stats)
      }
    }
  }

  async take(source: string, path: string, stats: BigIntStats): Promise<void> {
    // Asks the system only about files that not everybody may read.
    const isOpen = (stats.mode & 0o444n) === 0o444n
    const refusal = isOpen ? undefined : await access(source, constants.R_OK).catch((error: unknown) => error)
    if (refusal) this.unreadable.push({ path: source, error: refusal })
    else this.files.push(fileOf(path, stats))
  }

  async #stats(path: string): Promise<BigIntStats | undefined> {
    return lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (!isGone(error, path)) this.unreadable.push({ path, error })
      return undefined
    })
  }
}

/** A name that is no UTF-8 was listed, but cannot be asked for: what has it is there all the same. */
function isGone(error: NodeJS.ErrnoException, path: string): boolean {
  return tellsAbsence(error) && !path.includes('\ufffd')
}

function fileOf(path: string, { size, mtimeNs, ino }: BigIntStats): FoundFile {
  return { path, sizeBytes: Number(size), modifiedNs: String(mtimeNs), inode: String(ino) }
}

/** Over lines in an order of their own, so that neither that of a folder nor that of names matters. */
function digest(rows: readonly (readonly unknown[])[]): string {
  const lines = rows.map(row => JSON.stringify(row)).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32)
}
