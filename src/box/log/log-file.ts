import { appendFile, mkdir, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { visibleName } from '../../core/index.ts'
import { withoutSecrets } from './without-secrets.ts'

export interface LogFileInit {
  readonly path: string
  /** Never written. */
  readonly secrets: readonly string[]
  readonly now: () => Date
  /** @default 5_000_000 */
  readonly maxBytes?: number | undefined
}

const usualMaxBytes = 5_000_000
/** Old ones beside the one that is written. */
export const keptLogs = 3
const maxWaiting = 1_000
const maxCharacters = 4_000

/**
 * The box's log: a line a message. Full, it becomes `.1`, and three old ones are kept. What cannot be written is counted, and never stops
 * the box.
 */
export class LogFile {
  readonly path: string
  readonly #init: LogFileInit
  #waiting: string[] = []
  #lost = 0
  #sizeBytes: number | undefined
  #writing: Promise<void> | undefined

  constructor(init: LogFileInit) {
    this.path = init.path
    this.#init = init
  }

  write(message: string): void {
    if (this.#waiting.length >= maxWaiting) this.#lost++
    else this.#waiting.push(this.#line(message))
    this.#writing ??= this.#write()
  }

  /** Resolves once everything is written, or given up. */
  async flush(): Promise<void> {
    await this.#writing
  }

  #line(message: string): string {
    const text = withoutSecrets(message.replaceAll('\n', '; '), this.#init.secrets).slice(0, maxCharacters)
    return `${this.#init.now().toISOString()} ${visibleName(text)}\n`
  }

  async #write(): Promise<void> {
    // Whoever says several things at once has them written at once.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const lines = this.#waiting
      this.#waiting = []
      try {
        if (this.#lost > 0) lines.push(this.#line(`${this.#lost} messages could not be written`))
        for (const text of this.#parts(lines)) await this.#append(text)
        this.#lost = 0
      } catch {
        this.#lost += lines.length
        this.#sizeBytes = undefined
      }
    }
    this.#writing = undefined
  }

  /** As much as fits into one file each: a thousand long lines may wait. */
  #parts(lines: readonly string[]): string[] {
    const { maxBytes = usualMaxBytes } = this.#init
    const parts: string[] = []
    let roomBytes = 0
    for (const line of lines) {
      const bytes = Buffer.byteLength(line)
      if (bytes > roomBytes) {
        parts.push('')
        roomBytes = maxBytes
      }
      parts[parts.length - 1] += line
      roomBytes -= bytes
    }
    return parts
  }

  async #append(text: string): Promise<void> {
    const { path, maxBytes = usualMaxBytes } = this.#init
    const bytes = Buffer.byteLength(text)
    this.#sizeBytes ??= await this.#measure()
    if (this.#sizeBytes > 0 && this.#sizeBytes + bytes > maxBytes) await this.#rotate()
    await appendFile(path, text, { mode: 0o600 })
    this.#sizeBytes += bytes
  }

  async #measure(): Promise<number> {
    await mkdir(dirname(this.path), { recursive: true })
    const found = await stat(this.path).catch(() => undefined)
    return found?.size ?? 0
  }

  async #rotate(): Promise<void> {
    for (let number = keptLogs; number > 0; number--) {
      const older = number === 1 ? this.path : `${this.path}.${number - 1}`
      await rename(older, `${this.path}.${number}`).catch(ignoreMissing)
    }
    this.#sizeBytes = 0
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}
