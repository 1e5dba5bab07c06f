type Closer = () => Promise<unknown>

/** What a server ends when it closes: its services all at once, then what they stand on, the last made first. */
export class Shutdown {
  readonly #services: Closer[] = []
  readonly #foundations: Closer[] = []
  #running: Promise<void> | undefined

  service(close: Closer): void {
    this.#services.push(close)
  }

  foundation(close: Closer): void {
    this.#foundations.push(close)
  }

  /** Idempotent. */
  run(): Promise<void> {
    this.#running ??= this.#run()
    return this.#running
  }

  async #run(): Promise<void> {
    const ended = await Promise.allSettled(this.#services.map(close => close()))
    for (const close of this.#foundations.reverse()) await close()
    for (const result of ended) if (result.status === 'rejected') throw result.reason
  }
}
