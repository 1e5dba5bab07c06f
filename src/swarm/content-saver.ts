import { raceAbort } from '../core/index.ts'
import type { Content } from './content/content.ts'

const saveEveryMs = 5_000
const lastSaveTimeoutMs = 2_000

/**
 * Writes the resume data of a transfer: a few seconds after a piece, at the end, and when it is stopped; one at a time. What
 * cannot be written only costs hashing at the next start, so that it is never an error.
 */
export class ContentSaver {
  readonly #content: Content
  #timer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()
  #isFlushed: boolean

  constructor(content: Content) {
    this.#content = content
    this.#isFlushed = content.download?.isRecorded ?? false
  }

  onPiece(): void {
    this.#isFlushed = false
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#save()
    }, saveEveryMs).unref()
  }

  onComplete(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    // Thousands that are complete already are not all written anew at each start.
    if (this.#isFlushed) {
      this.#then(() => this.#content.seal())
      return
    }
    this.#save()
    // Afterwards, because it may take long and nobody need wait for it.
    this.#then(async () => {
      await this.#content.seal()
      await this.#content.store.flush()
      await this.#content.download?.save({ isFlushed: true })
      this.#isFlushed = true
    })
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    if (!this.#isFlushed) this.#save()
    await raceAbort(this.#saving, AbortSignal.timeout(lastSaveTimeoutMs)).catch(() => {})
  }

  #save(): void {
    this.#then(async () => this.#content.download?.save({ isFlushed: false }))
  }

  #then(work: () => Promise<void>): void {
    this.#saving = this.#saving.then(work).catch(() => {})
  }
}
