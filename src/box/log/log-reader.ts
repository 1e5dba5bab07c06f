import { type FileHandle, open } from 'node:fs/promises'
import { fileSystemError } from '../../core/index.ts'
import { keptLogs } from './log-file.ts'

/** Where somebody has read to. */
interface Place {
  readonly inode: number
  readonly offset: number
}

/** Reads a log that may be written, and made anew, meanwhile. */
export class LogReader {
  readonly #path: string
  #place: Place | undefined

  constructor(path: string) {
    this.#path = path
  }

  /**
   * The last lines, of older logs too where the newest has too few. None where nothing was ever written.
   *
   * @throws {P2pShareError} `ERR_UNREADABLE_FILE`
   */
  async tail(count: number): Promise<string[]> {
    const [newest, place] = await readFrom(this.#path, 0)
    this.#place = place
    let lines = linesOf(newest)
    for (let number = 1; number <= keptLogs && lines.length < count; number++) {
      const [older] = await readFrom(`${this.#path}.${number}`, 0)
      lines = [...linesOf(older), ...lines]
    }
    return lines.slice(Math.max(0, lines.length - count))
  }

  /**
   * What was written since the last call, whole lines only.
   *
   * @throws {P2pShareError} `ERR_UNREADABLE_FILE`
   */
  async more(): Promise<string[]> {
    const before = this.#place
    const [text, place] = await readFrom(this.#path, before?.offset ?? 0)
    if (place?.inode === before?.inode) {
      this.#place = place
      return linesOf(text)
    }
    const [rest, old] = before ? await readFrom(`${this.#path}.1`, before.offset) : ['', undefined]
    const [anew, newPlace] = await readFrom(this.#path, 0)
    this.#place = newPlace
    return [...(old?.inode === before?.inode ? linesOf(rest) : []), ...linesOf(anew)]
  }
}

/** What stands behind an offset up to the end of the last whole line, and where that is. */
async function readFrom(path: string, offset: number): Promise<[text: string, place: Place | undefined]> {
  let file: FileHandle
  try {
    file = await open(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ['', undefined]
    throw fileSystemError(error, path, 'read')
  }
  try {
    const { size, ino } = await file.stat()
    // One that was emptied begins anew.
    const from = size < offset ? 0 : offset
    const bytes = Buffer.alloc(size - from)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    const end = bytes.subarray(0, bytesRead).lastIndexOf(0x0a) + 1
    return [bytes.toString('utf8', 0, end), { inode: ino, offset: from + end }]
  } finally {
    await file.close()
  }
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.slice(0, -1).split('\n')
}
