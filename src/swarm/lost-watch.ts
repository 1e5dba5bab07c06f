const lookEveryMs = 5_000

/** Looks for files that were lost, every few seconds, until they are back as they were. */
export class LostWatch {
  #timer: NodeJS.Timeout | undefined

  start(isBack: () => Promise<boolean>, onBack: () => void): void {
    this.stop()
    const timer = setTimeout(async () => {
      const isThere = await isBack().catch(() => false)
      if (this.#timer !== timer) return
      if (isThere) onBack()
      else this.start(isBack, onBack)
    }, lookEveryMs).unref()
    this.#timer = timer
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
