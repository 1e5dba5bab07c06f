import { createSocket, type RemoteInfo } from 'node:dgram'
import { EventEmitter } from 'node:events'
import type { AddressInfo } from 'node:net'
import { isPublicAddress } from '../../core/index.ts'
import { QueryBudget, WalkBudget } from './dht-budget.ts'
import { type DhtMessage, openValue, readDhtMessage } from './dht-message.ts'

/** An answer later than this is answered to nobody: the library has given up after 2.5 s. */
const answerMs = 10_000
const maxAsked = 4_096

/** A query of ours that may still be answered. */
interface Asked {
  readonly since: number
  /** What was asked for nodes near to. */
  readonly target: string | undefined
}

type Sent = (error: Error | null, bytes?: number) => void

/**
 * A UDP socket for a DHT library that hands on nothing but what {@link readDhtMessage} lets pass: no answer that was
 * not asked for, from just the address that was asked; no more queries than a node can answer; no private addresses from public
 * nodes. What the library throws over a message ends here. All else is dropped without a word, and counted.
 */
export class GuardedSocket extends EventEmitter {
  readonly #socket = createSocket('udp4')
  readonly #asked = new Map<string, Asked>()
  readonly #queries = new QueryBudget()
  readonly #walks = new WalkBudget()
  #dropped = 0
  /** Until the port that was wished for is had. */
  #bindAny: (() => boolean) | undefined

  constructor() {
    super()
    this.#socket.on('message', (datagram, from) => this.#receive(datagram, from))
    for (const event of ['listening', 'close'])
      this.#socket.on(event, (...values) => this.emit(event, ...values))
    this.#socket.on('error', error => {
      if (!this.#bindAny?.()) this.emit('error', error)
    })
    this.#socket.on('listening', () => {
      this.#bindAny = undefined
    })
  }

  /** Datagrams that were not let through. */
  get dropped(): number {
    return this.#dropped
  }

  /** Where the port is taken, any other is bound. */
  bind(port: number, host: string): void {
    this.#bindAny = () => {
      this.#bindAny = undefined
      if (port !== 0) this.#socket.bind(0, host)
      return port !== 0
    }
    this.#socket.bind(port, host)
  }

  address(): AddressInfo {
    return this.#socket.address()
  }

  close(): void {
    this.#socket.close()
  }

  send(bytes: Uint8Array, offset: number, length: number, port: number, host: string, done: Sent): void {
    try {
      const message = openValue(bytes.subarray(offset, offset + length))
      if (message.kind === 'query') this.#expect(answerKey(message, host, port), message.target)
      this.#socket.send(message.bytes, port, host, done)
    } catch (error) {
      // A port that is none, or a socket that was closed meanwhile: the query goes unanswered.
      done(error as Error)
    }
  }

  #receive(datagram: Uint8Array, from: RemoteInfo): void {
    if (!this.#letThrough(datagram, from)) this.#dropped++
  }

  #letThrough(datagram: Uint8Array, from: RemoteInfo): boolean {
    const mayContact = isPublicAddress(from.address) ? isPublicAddress : () => true
    const message = from.port === 0 ? undefined : readDhtMessage(datagram, mayContact)
    if (!message) return false
    if (message.kind === 'query')
      return this.#queries.take(from.address, performance.now()) && this.#handOn(message, from)
    const key = answerKey(message, from.address, from.port)
    const asked = this.#asked.get(key)
    if (!asked) return false
    this.#asked.delete(key)
    const isLedOn = asked.target !== undefined && !this.#walks.take(asked.target, performance.now())
    const answer = isLedOn ? readDhtMessage(datagram, () => false) : message
    return answer !== undefined && this.#handOn(answer, from)
  }

  #handOn({ bytes }: DhtMessage, from: RemoteInfo): boolean {
    try {
      this.emit('message', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), from)
      return true
    } catch {
      return false
    }
  }

  #expect(key: string, target: string | undefined): void {
    const now = performance.now()
    for (const [old, { since }] of this.#asked) {
      if (now - since < answerMs && this.#asked.size < maxAsked) break
      this.#asked.delete(old)
    }
    this.#asked.set(key, { since: now, target })
  }
}

function answerKey({ transaction }: DhtMessage, host: string, port: number): string {
  return `${Buffer.from(transaction).toString('hex')} ${host}:${port}`
}
