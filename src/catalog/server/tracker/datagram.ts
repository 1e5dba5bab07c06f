import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { maxScraped } from './query.ts'

const connecting = Buffer.from('0000041727101980', 'hex')
const windowMs = 60_000

/** What is done with a datagram: answered at once, handed to the library, or passed over. */
export type DatagramAnswer = { readonly reply: Buffer } | { readonly accepted: Buffer } | undefined

/**
 * Takes datagrams of BEP 15. An announce counts only from an address that was told its connection id, so that nobody
 * announces others, nor has answers sent to them that are longer than what they cost. Ids are made from the address and
 * the time under a secret, which takes no memory, and hold for one to two minutes.
 */
export class DatagramGate {
  readonly #secret = randomBytes(32)
  readonly #now: () => number

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  receive(datagram: Buffer, from: { readonly address: string; readonly port: number }): DatagramAnswer {
    if (datagram.length < 16) return undefined
    const action = datagram.readUInt32BE(8)
    const id = datagram.subarray(0, 8)
    if (action === 0) {
      if (!id.equals(connecting)) return undefined
      const transaction = datagram.subarray(12, 16)
      return { reply: Buffer.concat([Buffer.alloc(4), transaction, this.#idOf(from, 0)]) }
    }
    if (!timingSafeEqual(id, this.#idOf(from, 0)) && !timingSafeEqual(id, this.#idOf(from, -1)))
      return undefined
    if (action === 1 && isAnnounce(datagram)) {
      const accepted = withLibrarysId(datagram)
      // The address that the peer claims to have: the one that it sends from is taken instead.
      accepted.writeUInt32BE(0, 84)
      return { accepted }
    }
    return action === 2 && isScrape(datagram) ? { accepted: withLibrarysId(datagram) } : undefined
  }

  #idOf({ address, port }: { address: string; port: number }, age: number): Buffer {
    const window = Math.floor(this.#now() / windowMs) + age
    return createHmac('sha256', this.#secret).update(`${window} ${port} ${address}`).digest().subarray(0, 8)
  }
}

function isAnnounce(datagram: Buffer): boolean {
  return datagram.length >= 98 && datagram.length <= 2_048 && datagram.readUInt32BE(80) <= 3
}

/** Each torrent once: the library answers by torrent, and the peer counts the answers. */
function isScrape(datagram: Buffer): boolean {
  const count = (datagram.length - 16) / 20
  if (!Number.isInteger(count) || count < 1 || count > maxScraped) return false
  const hashes = Array.from({ length: count }, (_, index) =>
    datagram.toString('latin1', 16 + index * 20, 36 + index * 20),
  )
  return new Set(hashes).size === count
}

/** The library takes datagrams with the id of BEP 15 that begins a connection. */
function withLibrarysId(datagram: Buffer): Buffer {
  const accepted = Buffer.from(datagram)
  connecting.copy(accepted)
  return accepted
}
