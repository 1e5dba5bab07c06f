import { hash, randomBytes } from 'node:crypto'

/** The prime of MSE's group. */
export const groupPrime = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD' +
    'EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563',
)

/** A number of the group as it is sent, 96 bytes. */
export function groupBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(192, '0'), 'hex')
}

/** base ^ exponent in the group of MSE. */
export function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % groupPrime
    if (bit === '1') result = (result * base) % groupPrime
  }
  return result
}

/** RC4 as in a textbook, a byte at a time. */
export class TextbookRc4 {
  readonly #s = Array.from({ length: 256 }, (_, index) => index)
  #i = 0
  #j = 0

  constructor(key: Uint8Array) {
    let j = 0
    for (let i = 0; i < 256; i++) {
      j = (j + this.#s[i]! + key[i % key.length]!) % 256
      this.#swap(i, j)
    }
  }

  /** What `bytes` become; they stay as they are. */
  apply(bytes: Uint8Array): Buffer {
    return Buffer.from(bytes.map(byte => byte ^ this.#next()))
  }

  #next(): number {
    this.#i = (this.#i + 1) % 256
    this.#j = (this.#j + this.#s[this.#i]!) % 256
    this.#swap(this.#i, this.#j)
    return this.#s[(this.#s[this.#i]! + this.#s[this.#j]!) % 256]!
  }

  #swap(i: number, j: number): void {
    const kept = this.#s[i]!
    this.#s[i] = this.#s[j]!
    this.#s[j] = kept
  }
}

/** The part of a handshake behind the keys, each field open to lies. */
export interface MseFields {
  readonly infoHash: Uint8Array
  /** crypto_provide or crypto_select. @default 2 */
  readonly crypto?: number
  readonly verification?: Uint8Array
  readonly pad?: Uint8Array
  readonly claimedPadLength?: number
  /** Of an initiator. */
  readonly payload?: Uint8Array
  readonly claimedPayloadLength?: number
}

/** MSE written down a second time, without a line of ours: what a test compares with, and what an attacker speaks. */
export class MseSpeaker {
  readonly publicKey: Buffer
  readonly #privateKey = BigInt(`0x${randomBytes(20).toString('hex')}`)
  #secret: Uint8Array = new Uint8Array(0)

  constructor() {
    this.publicKey = groupBytes(power(2n, this.#privateKey))
  }

  /** Takes the key of the other side, its first 96 bytes. */
  meet(theirs: Uint8Array): void {
    const key = BigInt(`0x${Buffer.from(theirs.subarray(0, 96)).toString('hex')}`)
    this.#secret = groupBytes(power(key, this.#privateKey))
  }

  get syncHash(): Buffer {
    return sha1('req1', this.#secret)
  }

  cipher(label: 'keyA' | 'keyB', infoHash: Uint8Array): TextbookRc4 {
    const cipher = new TextbookRc4(sha1(label, this.#secret, infoHash))
    cipher.apply(new Uint8Array(1_024))
    return cipher
  }

  /** The torrent as an initiator names it. */
  namedTorrent(infoHash: Uint8Array): Buffer {
    const mask = sha1('req3', this.#secret)
    return sha1('req2', infoHash).map((byte, index) => byte ^ mask[index]!) as Buffer
  }

  /** What an initiator says after the keys, and the cipher for what it says next. */
  request(fields: MseFields): { bytes: Buffer; cipher: TextbookRc4 } {
    const cipher = this.cipher('keyA', fields.infoHash)
    const payload = fields.payload ?? new Uint8Array(0)
    const hidden = Buffer.concat([
      head(fields),
      uint16(fields.claimedPayloadLength ?? payload.length),
      payload,
    ])
    const bytes = [this.syncHash, this.namedTorrent(fields.infoHash), cipher.apply(hidden)]
    return { bytes: Buffer.concat(bytes), cipher }
  }

  /** What a receiver says after the keys, and the cipher for what it says next. */
  answer(fields: MseFields): { bytes: Buffer; cipher: TextbookRc4 } {
    const cipher = this.cipher('keyB', fields.infoHash)
    return { bytes: cipher.apply(head(fields)), cipher }
  }
}

function head({ verification, crypto = 2, pad = new Uint8Array(0), claimedPadLength }: MseFields): Buffer {
  const cryptoField = Buffer.alloc(4)
  cryptoField.writeUInt32BE(crypto)
  return Buffer.concat([
    verification ?? new Uint8Array(8),
    cryptoField,
    uint16(claimedPadLength ?? pad.length),
    pad,
  ])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function sha1(label: string, ...parts: Uint8Array[]): Buffer {
  return hash('sha1', Buffer.concat([Buffer.from(label), ...parts]), 'buffer')
}
