import { close, constants, open } from 'node:fs'
import { promisify } from 'node:util'

// The handles of `fs/promises` take more of the main thread for each call, and thousands of small files are mostly such calls.
const openFile = promisify(open)
const closeFile = promisify(close)

interface OpenFile {
  readonly opening: Promise<number>
  readonly writable: boolean
  users: number
  /** No longer handed out; closed when the last user is done. */
  retired: boolean
}

/** How a file is opened: to read only, to go on writing what is ours and there, or as a file that must not be there yet. */
export type OpenMode = 'read' | 'write' | 'create'

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_RDONLY, O_RDWR } = constants

const flags: Record<OpenMode, number> = {
  read: O_RDONLY | O_NOFOLLOW,
  write: O_RDWR | O_NOFOLLOW,
  create: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW,
}

/** Open handles by path: one a file, the least lately used closed past a limit. A link is never followed. */
export class OpenFiles {
  readonly #files = new Map<string, OpenFile>()
  #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs `work` with the file's handle, which stays open at least until the work is done. */
  async use<T>(path: string, mode: OpenMode, work: (fd: number) => Promise<T>): Promise<T> {
    const file = this.#acquire(path, mode)
    try {
      return await work(await file.opening)
    } finally {
      file.users--
      if (file.retired && file.users === 0) void end(file)
      if (this.#files.size > this.#limit) void this.#shrink()
    }
  }

  /** Hands out the handle of a file no more: what lies at its path may be another one by now. */
  forget(path: string): void {
    const file = this.#files.get(path)
    if (!file) return
    this.#files.delete(path)
    void this.#retire(file)
  }

  /** Hands out no handle of now any more. */
  forgetAll(): void {
    for (const path of [...this.#files.keys()]) this.forget(path)
  }

  /** Closes every handle, none of which may be in use; files may be opened again. */
  async closeAll(): Promise<void> {
    const files = [...this.#files.values()]
    this.#files.clear()
    await Promise.all(files.map(file => this.#retire(file)))
  }

  /** Closes every handle; one in use closes after its last use. */
  async close(): Promise<void> {
    this.#limit = 0
    await this.#shrink()
  }

  #acquire(path: string, mode: OpenMode): OpenFile {
    const known = this.#files.get(path)
    if (known) this.#files.delete(path)
    const fits = known && (mode === 'read' || known.writable)
    if (known && !fits) this.#retire(known)
    const file = fits
      ? known
      : { opening: openFile(path, flags[mode]), writable: mode !== 'read', users: 0, retired: false }
    file.users++
    this.#files.set(path, file)
    if (!fits) {
      file.opening.catch(() => {
        if (this.#files.get(path) === file) this.#files.delete(path)
      })
    }
    return file
  }

  async #shrink(): Promise<void> {
    const closing: Promise<void>[] = []
    for (const [path, file] of this.#files) {
      if (this.#files.size <= this.#limit) break
      if (file.users > 0 && this.#limit > 0) continue
      this.#files.delete(path)
      closing.push(this.#retire(file))
    }
    await Promise.all(closing)
  }

  async #retire(file: OpenFile): Promise<void> {
    file.retired = true
    if (file.users === 0) await end(file)
  }
}

async function end(file: OpenFile): Promise<void> {
  const fd = await file.opening.catch(() => undefined)
  if (fd !== undefined) await closeFile(fd).catch(() => {})
}
