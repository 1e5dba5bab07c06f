import { raceAbort, Turns } from '../core/index.ts'
import type { Content } from './content/content.ts'

const saveEveryMs = 5_000
const lastSaveTimeoutMs = 2_000
/** Flushing is the disk's slowest work, and thousands may have something to flush. */
const flushes = new Turns(2)

/**
 * Writes the resume data of a transfer: a few seconds after a piece, at the end, and when it is stopped; one at a time. What
 * cannot be written only costs hashing at the next start, so that it is never an error.
 */
export class ContentSaver {
  readonly #content: Content
  #timer: NodeJS.Timeout | undefined
  /** What is being written, if anything is. */
  #saving: Promise<void> | undefined
  #isStopped = false

  constructor(content: Content) {
    this.#content = content
  }

  onPiece(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#save()
    }, saveEveryMs).unref()
  }

  onComplete(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // Thousands that are complete already are not all written anew at each start.
    if (this.#content.download?.isRecorded) {
      this.#then(() => this.#content.seal())
      return
    }
    this.#save()
    this.#then(() => this.#content.seal())
    // Afterwards, because it may take long and nobody need wait for it.
    this.#then(() =>
      flushes.run(async () => {
        if (this.#isStopped) return
        await this.#content.download?.flush()
        await this.#content.download?.save({ isFlushed: true })
      }),
    )
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isStopped = true
    this.#save()
    if (this.#saving) await raceAbort(this.#saving, AbortSignal.timeout(lastSaveTimeoutMs)).catch(() => {})
  }

  #save(): void {
    this.#then(async () => this.#content.download?.save({ isFlushed: false }))
  }

  #then(work: () => Promise<void>): void {
    const before = this.#saving
    const saving = (before ? before.then(work) : work())
      .catch(() => {})
      .then(() => {
        if (this.#saving === saving) this.#saving = undefined
      })
    this.#saving = saving
  }
}
