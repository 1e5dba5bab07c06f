import { type Clock, systemClock } from './clock.ts'
import { askRouter } from './port-mapping-thread.ts'

export interface PortMappingOptions {
  /** @default the router of this network */
  readonly ask?: typeof askRouter
  /** @default the machine's */
  readonly clock?: Clock
}

/** Also how long a mapping outlives a process that was killed. */
const leaseSeconds = 3_600
const renewMs = (leaseSeconds * 1_000) / 2
const retryMs = 15 * 60_000
const askMs = 15_000
const endMs = 900

/**
 * Has the router hand on a port to this machine (UPnP, NAT-PMP), TCP and UDP, for as long as it runs. Never throws: without a router
 * that agrees it tries again from time to time.
 */
export class PortMapping {
  readonly #port: number
  readonly #ask: typeof askRouter
  readonly #clock: Clock
  readonly #stopped = new AbortController()
  #isMapped = false
  #asking: Promise<void> | undefined
  #cancel: (() => void) | undefined
  #stopping: Promise<void> | undefined

  /** @param port the port that is listened on here, and wished for outside */
  constructor(port: number, { ask = askRouter, clock = systemClock }: PortMappingOptions = {}) {
    this.#port = port
    this.#ask = ask
    this.#clock = clock
  }

  /** Whether the router agreed when it was last asked. */
  get isMapped(): boolean {
    return this.#isMapped
  }

  start(): void {
    if (this.#asking || this.#cancel || this.#stopping) return
    this.#asking = this.#map().finally(() => {
      this.#asking = undefined
    })
  }

  /** Takes the mapping back, within a second or not at all: it ends by itself after an hour. Idempotent. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #map(): Promise<void> {
    const order = { port: this.#port, leaseSeconds, isToEnd: false }
    const { signal } = this.#stopped
    this.#isMapped = await this.#ask(order, { timeoutMs: askMs, signal }).catch(() => false)
    if (signal.aborted) return
    this.#cancel = this.#clock.after(this.#isMapped ? renewMs : retryMs, () => {
      this.#cancel = undefined
      this.start()
    })
  }

  async #stop(): Promise<void> {
    this.#cancel?.()
    const wasMapped = this.#isMapped
    this.#stopped.abort()
    await this.#asking
    if (!wasMapped) return
    const order = { port: this.#port, leaseSeconds, isToEnd: true }
    await this.#ask(order, { timeoutMs: endMs }).catch(() => {})
    this.#isMapped = false
  }
}
