import { keyLength, newKeyPair } from './diffie-hellman.ts'
import {
  MseConversation,
  type MseCrypto,
  type MseScript,
  type MseStep,
  maxPad,
  plainText,
  randomPad,
  rc4,
  verificationLength,
} from './mse-conversation.ts'
import { masked, obfuscatedHash, streamCipher, syncHash } from './mse-keys.ts'

export interface MseInitiatorInit {
  /** 20 bytes. */
  readonly infoHash: Uint8Array
  readonly crypto: MseCrypto
  /** Sent within the handshake, 65,535 bytes at most: the BitTorrent handshake, which so costs no way there and back of its own. */
  readonly initialPayload: Uint8Array
}

/** The side of MSE that made the connection. No sockets, no timers. */
export class MseInitiator {
  readonly #conversation: MseConversation

  constructor(init: MseInitiatorInit) {
    this.#conversation = new MseConversation(conversation => initiate(conversation, init))
  }

  /** The first bytes to be sent. To be called once, before `push`. */
  start(): Uint8Array {
    return this.#conversation.push(new Uint8Array(0)).send[0]!
  }

  /** Takes bytes of the receiver, in pieces of any length, which are copied. */
  push(bytes: Uint8Array): MseStep {
    return this.#conversation.push(bytes)
  }
}

function* initiate(conversation: MseConversation, init: MseInitiatorInit): MseScript {
  const { infoHash, initialPayload } = init
  const provided = init.crypto === 'rc4' ? rc4 : plainText | rc4
  const ours = newKeyPair()
  conversation.say(ours.publicKey, randomPad())

  const secret = ours.secretWith(yield* conversation.take(keyLength))
  if (!secret) return 'its key is not one'
  const encrypt = streamCipher('keyA', secret, infoHash)
  const decrypt = streamCipher('keyB', secret, infoHash)

  const pad = randomPad()
  const head = Buffer.alloc(verificationLength + 6)
  head.writeUInt32BE(provided, verificationLength)
  head.writeUInt16BE(pad.length, verificationLength + 4)
  const payloadLength = Buffer.alloc(2)
  payloadLength.writeUInt16BE(initialPayload.length)
  const hidden = Buffer.concat([head, pad, payloadLength, initialPayload])
  encrypt.apply(hidden)
  conversation.say(syncHash(secret), masked(Buffer.from(obfuscatedHash(infoHash), 'hex'), secret), hidden)

  const verification = Buffer.alloc(verificationLength)
  decrypt.apply(verification)
  if (!(yield* conversation.passPad(verification))) return 'it does not know the torrent, or MSE'
  const choice = yield* conversation.take(6)
  decrypt.apply(choice)
  const selected = choice.readUInt32BE(0)
  if ((selected !== plainText && selected !== rc4) || (selected & provided) === 0)
    return 'it chose a cipher that it was not offered'
  const padLength = choice.readUInt16BE(4)
  if (padLength > maxPad) return 'its pad is too long'
  decrypt.apply(yield* conversation.take(padLength))

  const rest = conversation.takeRest()
  if (selected === plainText) return { infoHash, encrypt: undefined, decrypt: undefined, rest }
  decrypt.apply(rest)
  return { infoHash, encrypt, decrypt, rest }
}
