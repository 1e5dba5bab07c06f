import type { Hex } from '../../../../core/index.ts'
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
import { masked, streamCipher, syncHash } from './mse-keys.ts'

export interface MseReceiverInit {
  /** The info-hash, 20 bytes, of the torrent whose `obfuscatedHash` this is; `undefined` where there is none here. */
  readonly findInfoHash: (obfuscated: Hex) => Uint8Array | undefined
  readonly crypto: MseCrypto
}

/** The side of MSE that was connected to. No sockets, no timers: a deadline is the caller's. */
export class MseReceiver {
  readonly #conversation: MseConversation

  constructor(init: MseReceiverInit) {
    this.#conversation = new MseConversation(conversation => receive(conversation, init))
  }

  /** Takes bytes of the initiator, in pieces of any length, which are copied. */
  push(bytes: Uint8Array): MseStep {
    return this.#conversation.push(bytes)
  }
}

function* receive(conversation: MseConversation, { crypto, findInfoHash }: MseReceiverInit): MseScript {
  const theirs = yield* conversation.take(keyLength)
  const ours = newKeyPair()
  const secret = ours.secretWith(theirs)
  if (!secret) return 'its key is not one'
  conversation.say(ours.publicKey, randomPad())

  if (!(yield* conversation.passPad(syncHash(secret)))) return 'it speaks neither BitTorrent nor MSE'
  const infoHash = findInfoHash(masked(yield* conversation.take(20), secret).toString('hex'))
  if (!infoHash) return 'it asks for a torrent that is not here'
  const decrypt = streamCipher('keyA', secret, infoHash)
  const encrypt = streamCipher('keyB', secret, infoHash)

  const head = yield* conversation.take(verificationLength + 6)
  decrypt.apply(head)
  if (head.subarray(0, verificationLength).some(byte => byte !== 0)) return 'its cipher is out of step'
  const acceptable = head.readUInt32BE(verificationLength) & (crypto === 'rc4' ? rc4 : plainText | rc4)
  // Plain text where both can: the content is no secret to whoever knows the info-hash, and RC4 costs both a core at full speed.
  const selected = acceptable & plainText || acceptable & rc4
  if (selected === 0) return 'it offers no cipher that is accepted here'
  const padLength = head.readUInt16BE(verificationLength + 4)
  if (padLength > maxPad) return 'its pad is too long'
  const padAndLength = yield* conversation.take(padLength + 2)
  decrypt.apply(padAndLength)
  const payload = yield* conversation.take(padAndLength.readUInt16BE(padLength))
  decrypt.apply(payload)

  const answer = Buffer.concat([Buffer.alloc(verificationLength + 6), randomPad()])
  answer.writeUInt32BE(selected, verificationLength)
  answer.writeUInt16BE(answer.length - verificationLength - 6, verificationLength + 4)
  encrypt.apply(answer)
  conversation.say(answer)

  const rest = conversation.takeRest()
  if (selected === rc4) decrypt.apply(rest)
  const ciphers = selected === rc4 ? { encrypt, decrypt } : { encrypt: undefined, decrypt: undefined }
  return { infoHash, ...ciphers, rest: Buffer.concat([payload, rest]) }
}
