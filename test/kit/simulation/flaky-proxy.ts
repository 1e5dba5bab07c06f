import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Random } from './random.ts'

/** How bad a line is. */
export interface Line {
  /** The longest that a piece of data is held back; each by a random time up to it. */
  readonly delayMs: number
  /** That a connection is refused. */
  readonly refuses: number
  /** That a connection is cut at each piece of data. */
  readonly cuts: number
}

export const goodLine: Line = { delayMs: 0, refuses: 0, cuts: 0 }

/** Leads TCP connections to a participant of a simulation over a line that delays, refuses, cuts and stalls. */
export class FlakyProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #random: Random
  readonly #open = new Set<Socket>()
  #line: Line
  #stalled: Promise<void> | undefined
  /** The port on 127.0.0.1 that connections are led to; without one nobody answers. */
  target: number | undefined

  private constructor(server: Server, random: Random, line: Line) {
    this.#server = server
    this.#random = random
    this.#line = line
    server.on('connection', near => this.#lead(near))
  }

  /** Opens a proxy at a host of this machine, by which its participant is known. */
  static async open(host: string, random: Random, line: Line): Promise<FlakyProxy> {
    const server = createServer({ noDelay: true }).listen(0, host)
    await once(server, 'listening')
    return new FlakyProxy(server, random, line)
  }

  get address(): string {
    const { address, port } = this.#server.address() as AddressInfo
    return `${address}:${port}`
  }

  set line(line: Line) {
    this.#line = line
  }

  /** Ends every connection at once, without a word. */
  cut(): void {
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  /** Lets nothing through for a while; nothing is lost. */
  stall(ms: number): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#stalled = promise
    setTimeout(() => {
      this.#stalled = undefined
      resolve()
    }, ms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #lead(near: Socket): void {
    near.on('error', () => {})
    if (this.target === undefined || this.#random.chance(this.#line.refuses))
      return void near.resetAndDestroy()
    const far = connect({ host: '127.0.0.1', port: this.target, noDelay: true })
    far.on('error', () => {})
    const pair = [near, far] as const
    for (const [one, other] of [pair, [far, near] as const]) {
      this.#open.add(one)
      one.once('close', () => {
        this.#open.delete(one)
        other.destroy()
      })
      void this.#carry(one, other)
    }
  }

  async #carry(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const chunk of from) {
        if (this.#random.chance(this.#line.cuts)) break
        await this.#stalled
        const { delayMs } = this.#line
        if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, this.#random.between(0, delayMs)))
        if (to.destroyed) break
        if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')])
      }
    } catch {
      // The line was cut.
    }
    from.destroy()
    to.destroy()
  }
}
