import type { Hex } from '../../../../core/index.ts'
import {
  looksLikePlainHandshake,
  MseInitiator,
  type MseOutcome,
  MseReceiver,
  type MseStep,
} from '../encryption/mse.ts'
import type { Rc4 } from '../encryption/rc4.ts'
import { type Handshake, handshakeLength, readHandshake } from '../wire/handshake.ts'
import type { PeerSocket } from './peer-socket.ts'

/** A connection on which both handshakes have passed. */
export interface Negotiated {
  readonly socket: PeerSocket
  /** What the peer said. */
  readonly handshake: Handshake
  /** What both speak by: the v2 hash where either answered a v1 one with it (BEP 52). */
  readonly infoHash: Uint8Array
  readonly encrypt: Rc4 | undefined
  readonly decrypt: Rc4 | undefined
  /** Whether the handshake was hidden (MSE), whatever came after it. */
  readonly isObfuscated: boolean
  /** Bytes that came right behind the handshake, decrypted. */
  readonly rest: Buffer
}

/** `plain` begins without MSE; the others begin with it, and leave the choice of the cipher to the peer or not. */
export type OutgoingEncryption = 'plain' | 'plain-or-rc4' | 'rc4'

export interface OutgoingInit {
  /** Our handshake, 68 bytes. */
  readonly ours: Buffer
  readonly infoHash: Uint8Array
  /** The torrent's other hash, by which a peer that speaks v2 may answer. */
  readonly upgraded: Uint8Array | undefined
  readonly encryption: OutgoingEncryption
  readonly timeoutMs: number
}

export interface IncomingInit {
  /** Our handshake for the torrent that a peer asks for, `undefined` where there is none. */
  readonly answer: (handshake: Handshake) => Buffer | undefined
  /** The info-hash behind the hash by which an encrypted handshake names it. */
  readonly findInfoHash: (obfuscated: Hex) => Uint8Array | undefined
  readonly accepts: { readonly plain: boolean; readonly encrypted: false | 'plain-or-rc4' | 'rc4' }
  readonly timeoutMs: number
}

/** Why a connection came to nothing. */
export class NegotiationError extends Error {
  /** Whether anything came from the other side: silence or a reset may mean that it refuses this kind of handshake. */
  readonly hasHeard: boolean

  constructor(reason: string, hasHeard: boolean) {
    super(reason)
    this.hasHeard = hasHeard
  }
}

/** Says our handshake on a connection that we made, and waits for the peer's. @throws {NegotiationError} */
export function negotiateOutgoing(socket: PeerSocket, init: OutgoingInit): Promise<Negotiated> {
  const { encryption, infoHash, upgraded, ours } = init
  return negotiate(socket, init.timeoutMs, begin => {
    const agree = (handshake: Handshake) => {
      const isOurs = Buffer.compare(handshake.infoHash, infoHash) === 0
      if (isOurs || (upgraded && Buffer.compare(handshake.infoHash, upgraded) === 0))
        return handshake.infoHash
      return begin.fail('it speaks of another torrent')
    }
    if (encryption === 'plain') {
      socket.write(ours)
      begin.plain(agree)
      return
    }
    const mse = new MseInitiator({ infoHash, crypto: encryption, initialPayload: ours })
    socket.write(mse.start())
    begin.encrypted(mse, agree)
  })
}

/** Hears a peer that came to us, and answers it where it asks for a torrent of ours. @throws {NegotiationError} */
export function negotiateIncoming(socket: PeerSocket, init: IncomingInit): Promise<Negotiated> {
  const { accepts, answer, findInfoHash } = init
  return negotiate(socket, init.timeoutMs, begin => {
    begin.either(isPlain => {
      const reply = (handshake: Handshake, encrypt: Rc4 | undefined) => {
        const ours = answer(handshake)
        if (!ours) return begin.fail('it asks for a torrent that is not here')
        const infoHash = readHandshake(ours)?.infoHash
        encrypt?.apply(ours)
        socket.write(ours)
        return infoHash
      }
      if (isPlain && !accepts.plain) begin.fail('it does not encrypt')
      else if (isPlain) begin.plain(handshake => reply(handshake, undefined))
      else if (accepts.encrypted === false) begin.fail('it encrypts')
      else begin.encrypted(new MseReceiver({ findInfoHash, crypto: accepts.encrypted }), reply)
    })
  })
}

/** Takes what the peer said, and answers the info-hash that both speak by; `undefined` where it has failed. */
type OnHandshake = (handshake: Handshake, encrypt: Rc4 | undefined) => Uint8Array | undefined

interface Beginning {
  plain(onHandshake: OnHandshake): void
  encrypted(mse: { push(bytes: Uint8Array): MseStep }, onHandshake: OnHandshake): void
  either(onKind: (isPlain: boolean) => void): void
  fail(reason: string): undefined
}

function negotiate(
  socket: PeerSocket,
  timeoutMs: number,
  start: (begin: Beginning) => void,
): Promise<Negotiated> {
  const { promise, resolve, reject } = Promise.withResolvers<Negotiated>()
  let heard = Buffer.alloc(0)
  let isOver = false
  let consume: () => void = () => {}
  const fail = (reason: string): undefined => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    reject(new NegotiationError(reason, socket.receivedBytes > 0))
    socket.destroy(reason)
  }
  const timer = setTimeout(() => fail('no handshake in time'), timeoutMs)
  timer.unref()
  socket.whenClosed(fail)

  const finish = (handshake: Handshake, infoHash: Uint8Array, outcome: MseOutcome | undefined) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    socket.pause()
    resolve({
      socket,
      handshake,
      infoHash,
      encrypt: outcome?.encrypt,
      decrypt: outcome?.decrypt,
      isObfuscated: outcome !== undefined,
      rest: heard.subarray(handshakeLength),
    })
  }
  const handshake = (outcome: MseOutcome | undefined, onHandshake: OnHandshake) => {
    if (heard.length < handshakeLength) return
    const found = readHandshake(heard)
    if (!found) return fail('it does not speak BitTorrent')
    const infoHash = onHandshake(found, outcome?.encrypt)
    if (infoHash) finish(found, infoHash, outcome)
  }
  const begin: Beginning = {
    fail,
    plain: onHandshake => {
      consume = () => handshake(undefined, onHandshake)
      consume()
    },
    encrypted: (mse, onHandshake) => {
      const step = () => {
        const { send, outcome, failed } = mse.push(heard)
        heard = Buffer.alloc(0)
        for (const bytes of send) socket.write(bytes)
        if (failed !== undefined) return fail(failed)
        if (!outcome) return
        heard = Buffer.from(outcome.rest)
        decrypt = outcome.decrypt
        consume = () => handshake(outcome, onHandshake)
        consume()
      }
      consume = step
      if (heard.length > 0) consume()
    },
    either: onKind => {
      consume = () => {
        const isPlain = looksLikePlainHandshake(heard)
        if (isPlain !== undefined) onKind(isPlain)
      }
    },
  }
  let decrypt: Rc4 | undefined
  start(begin)
  socket.read((chunk, length) => {
    if (isOver) return
    // A handshake of either kind takes two kilobytes at most; whatever comes behind it waits in the system's own buffer.
    const bytes = chunk.subarray(0, length)
    decrypt?.apply(bytes)
    heard = Buffer.concat([heard, bytes])
    consume()
  })
  return promise
}
