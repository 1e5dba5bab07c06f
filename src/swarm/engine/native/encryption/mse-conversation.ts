import { randomBytes, randomInt } from 'node:crypto'
import { Inbox } from './inbox.ts'
import type { Rc4 } from './rc4.ts'

/** What a handshake came to. */
export interface MseOutcome {
  /** 20 bytes. */
  readonly infoHash: Uint8Array
  /** For all that is sent from now on; `undefined` where plain text was chosen. */
  readonly encrypt: Rc4 | undefined
  /** For all that comes after {@link MseOutcome.rest}; `undefined` where plain text was chosen. */
  readonly decrypt: Rc4 | undefined
  /** What came behind the handshake, decrypted: first the initiator's first payload, then what followed it. */
  readonly rest: Uint8Array
}

/** What to do after some bytes have been heard: send, and go on unless there is an outcome or a failure. */
export type MseStep = {
  readonly send: readonly Uint8Array[]
  readonly outcome?: MseOutcome
  /** Why the connection is to be closed. */
  readonly failed?: string
}

/**
 * What may be chosen: `rc4` alone, or plain text too, which is then what is chosen where both sides can. The handshake is
 * hidden either way.
 */
export type MseCrypto = 'rc4' | 'plain-or-rc4'

/** The bits of crypto_provide and crypto_select. */
export const plainText = 1
export const rc4 = 2
/** The longest pad there may be. */
export const maxPad = 512
export const verificationLength = 8

/** Of any length, so that the lengths of messages tell nothing. */
export function randomPad(): Buffer {
  return randomBytes(randomInt(maxPad + 1))
}

/** A side of the handshake, written as one would tell it: pauses where it waits for bytes, ends with the outcome or a reason why not. */
export type MseScript = Generator<undefined, MseOutcome | string, undefined>

/** Runs a script as bytes arrive, and holds what it does not need yet; no more than one wait of it and one push. */
export class MseConversation {
  readonly #inbox = new Inbox()
  readonly #script: MseScript
  #toSend: Uint8Array[] = []
  #isOver = false

  constructor(script: (conversation: MseConversation) => MseScript) {
    this.#script = script(this)
  }

  /** `bytes` are copied. After the outcome or a failure there is nothing more to say. */
  push(bytes: Uint8Array): MseStep {
    if (this.#isOver) return { send: [], failed: 'the handshake is over' }
    this.#inbox.add(bytes)
    const { done, value } = this.#script.next()
    const send = this.#toSend
    this.#toSend = []
    if (!done) return { send }
    this.#isOver = true
    return typeof value === 'string' ? { send, failed: value } : { send, outcome: value }
  }

  say(...parts: Uint8Array[]): void {
    this.#toSend.push(Buffer.concat(parts))
  }

  /** Waits for `length` bytes. */
  *take(length: number): Generator<undefined, Buffer, undefined> {
    while (this.#inbox.length < length) yield
    return this.#inbox.take(length)
  }

  /** Waits for `needle` behind a pad, and takes both; `false` where the pad is longer than there may be. */
  *passPad(needle: Buffer): Generator<undefined, boolean, undefined> {
    while (true) {
      const at = this.#inbox.indexOf(needle)
      if (at > maxPad) return false
      if (at >= 0) {
        this.#inbox.take(at + needle.length)
        return true
      }
      if (this.#inbox.length >= maxPad + needle.length) return false
      yield
    }
  }

  /** All that is there, without waiting. */
  takeRest(): Buffer {
    return this.#inbox.take(this.#inbox.length)
  }
}
