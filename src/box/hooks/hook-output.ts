import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'

const maxBytes = 4_096
const maxLines = 20

/** The beginning of what a program writes; the rest is read and forgotten, so that it is never held up. */
export class HookOutput {
  readonly #streams: readonly Readable[]
  readonly #chunks: Buffer[] = []
  #bytes = 0
  #isCut = false

  constructor({ stdout, stderr }: Pick<ChildProcess, 'stdout' | 'stderr'>) {
    this.#streams = [stdout, stderr].filter(stream => stream !== null)
    for (const stream of this.#streams) {
      stream.on('data', (chunk: Buffer) => this.#take(chunk))
      stream.on('error', () => {})
    }
  }

  lines(): string[] {
    const text = Buffer.concat(this.#chunks).toString('utf8')
    const all = text.split(/\r?\n/).filter(line => line.trim() !== '')
    const isCut = this.#isCut || all.length > maxLines
    return [...all.slice(0, maxLines), ...(isCut ? ['(and more)'] : [])]
  }

  /** Waits for no more of it. */
  close(): void {
    for (const stream of this.#streams) stream.destroy()
  }

  #take(chunk: Buffer): void {
    const part = chunk.subarray(0, maxBytes - this.#bytes)
    if (part.length < chunk.length) this.#isCut = true
    if (part.length === 0) return
    this.#bytes += part.length
    this.#chunks.push(Buffer.from(part))
  }
}
