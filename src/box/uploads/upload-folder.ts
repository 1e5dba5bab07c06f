import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type AbortOptions, cleanName, fileSystemError, joinInside, P2pShareError } from '../../core/index.ts'
import { freeBytesAt } from '../follow/disk-room.ts'

/** Left free on the disk whatever is uploaded. */
const keepFreeBytes = 200_000_000
const atOnce = 16
const partPrefix = '.p2pshare-upload-'

export interface Uploaded {
  /** As it is on disk, which may be other than was asked for. */
  readonly name: string
  readonly sizeBytes: number
}

/** Takes media files that are dropped onto the box, each into the folder of its album. */
export class UploadFolder {
  readonly #root: () => string
  #running = 0

  /** @param root where albums are put */
  constructor(root: () => string) {
    this.#root = root
  }

  /**
   * Writes a file as it comes. It is there under its name only when it is whole, and never takes the place of another: what is of that
   * name already stays, and this one is not written.
   *
   * @throws {P2pShareError} `ERR_DISK_FULL` before or while it is written, `ERR_TARGET_EXISTS`, `ERR_CANNOT_WRITE`,
   *   `ERR_RATE_LIMITED` where too many are written at once
   */
  async put(
    album: string,
    name: string,
    body: ReadableStream<Uint8Array> | null,
    { sizeBytes, signal }: AbortOptions & { sizeBytes?: number | undefined } = {},
  ): Promise<Uploaded> {
    if (this.#running >= atOnce)
      throw new P2pShareError('ERR_RATE_LIMITED', `${atOnce} files are sent already: wait for one to end`)
    this.#running++
    try {
      return await this.#put(album, name, body, { sizeBytes, signal })
    } finally {
      this.#running--
    }
  }

  /**
   * What is to be shared of an album: the one file, or the folder.
   * @throws {P2pShareError} `ERR_NOTHING_TO_SHARE`
   */
  async pathOf(album: string): Promise<string> {
    const folder = this.#folder(album)
    const names = await readdir(folder).catch((): string[] => [])
    for (const name of names)
      if (name.startsWith(partPrefix) && (await isStale(join(folder, name))))
        await rm(join(folder, name), { force: true })
    const whole = names.filter(name => !name.startsWith(partPrefix))
    if (whole.length === 0)
      throw new P2pShareError('ERR_NOTHING_TO_SHARE', `Nothing was uploaded into ${cleanName(album)}`)
    return whole.length === 1 ? join(folder, whole[0]!) : folder
  }

  #folder(album: string): string {
    return joinInside(this.#root(), visible(album))
  }

  async #put(
    album: string,
    wanted: string,
    body: ReadableStream<Uint8Array> | null,
    { sizeBytes, signal }: AbortOptions & { sizeBytes?: number | undefined },
  ): Promise<Uploaded> {
    const folder = this.#folder(album)
    const name = visible(wanted)
    const path = joinInside(folder, name)
    const roomBytes = (await freeBytesAt(folder)) - keepFreeBytes
    if ((sizeBytes ?? 0) > roomBytes) throw full(path)
    const part = join(folder, `${partPrefix}${randomBytes(8).toString('hex')}`)
    let writtenBytes = 0
    const bounded = new Transform({
      transform(chunk: Buffer, _, done) {
        writtenBytes += chunk.length
        if (writtenBytes > roomBytes) done(full(path))
        else done(null, chunk)
      },
    })
    try {
      await mkdir(folder, { recursive: true })
      const source = body
        ? Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
        : Readable.from([])
      await pipeline(source, bounded, createWriteStream(part, { flags: 'wx', mode: 0o644, flush: true }), {
        signal,
      })
      if (sizeBytes !== undefined && writtenBytes !== sizeBytes)
        throw new P2pShareError(
          'ERR_INVALID_ARGUMENT',
          `${name} ended after ${writtenBytes} of ${sizeBytes} bytes`,
        )
      // The name is taken first, for a rename alone would replace what is there; not every file system has links.
      await writeFile(path, '', { flag: 'wx' })
      await rename(part, path)
      return { name, sizeBytes: writtenBytes }
    } catch (error) {
      signal?.throwIfAborted()
      throw (error as NodeJS.ErrnoException).code?.startsWith('E')
        ? fileSystemError(error, path, 'write')
        : error
    } finally {
      await rm(part, { force: true }).catch(() => {})
    }
  }
}

/** A name that is not left out as hidden when it is shared. */
function visible(name: string): string {
  return cleanName(cleanName(name).replace(/^\.+/, ''))
}

async function isStale(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
  return Date.now() - mtimeMs > 3_600_000
}

function full(path: string): P2pShareError {
  return new P2pShareError('ERR_DISK_FULL', `No room left for ${path}: free some space`)
}
