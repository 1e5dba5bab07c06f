import { randomBytes } from 'node:crypto'
import { RawPeer, readRequest } from '../../test/kit/hostile/raw-peer.ts'
import { hello, say } from '../../test/kit/hostile/speech.ts'
import type { Owner } from '../../test/kit/owner.ts'

const requestId = 6
const beatMs = 20
/** What each giver answers at a beat: with twenty of them about 40 MB/s. */
const blocksABeat = 2
const requestsKept = 5_000

export interface ThrongInit {
  readonly address: string
  readonly infoHash: string
  readonly pieceCount: number
  readonly count: number
  /** How many of them have all pieces and give them. */
  readonly givers: number
}

interface Member {
  readonly peer: RawPeer
  readonly gives: boolean
  readonly asked: Buffer[]
}

/** Many peers of one torrent whose content is nothing but zeros: each has a random half of it, and gets a piece after the other. */
export class Throng {
  readonly #owner: Owner
  readonly #init: ThrongInit
  readonly #members: Member[] = []
  #met = 0

  constructor(owner: Owner, init: ThrongInit) {
    this.#owner = owner
    this.#init = init
  }

  /** All of them connect and say what they have. */
  async connect(): Promise<void> {
    const { count, givers } = this.#init
    await Promise.all(Array.from({ length: count }, (_, index) => this.#join(index < givers)))
  }

  /** For a while everyone says twenty times a second that it has one piece more, and givers answer what they are asked. */
  async live(durationMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const ends = performance.now() + durationMs
    let beat = 0
    const timer = setInterval(() => {
      beat++
      for (const [index, member] of this.#members.entries()) {
        this.#answer(member)
        // One in so many at a beat, so that not all speak at once.
        if (!member.gives && (beat + index) % 3 === 0) member.peer.say(say.have(this.#anyPiece()))
      }
      if (performance.now() >= ends) resolve()
    }, beatMs)
    await promise
    clearInterval(timer)
  }

  /** Some who give nothing leave, and as many others come. */
  async turnOver(count: number): Promise<void> {
    const leaving = this.#members.filter(({ gives }) => !gives).slice(0, count)
    for (const member of leaving) {
      this.#members.splice(this.#members.indexOf(member), 1)
      member.peer.destroy()
      await this.#join(false)
    }
  }

  /** How many are still listened to. */
  get connected(): number {
    return this.#members.filter(({ peer }) => !peer.isOver).length
  }

  async #join(gives: boolean): Promise<void> {
    const { address, infoHash, pieceCount } = this.#init
    const number = this.#met++
    // Each at an address of its own, as peers are.
    const from = `127.1.${(number >> 7) & 0x7f}.${1 + (number & 0x7f)}`
    const peer = await RawPeer.dial(this.#owner, address, from)
    peer.say(hello({ infoHash }))
    await peer.hello
    const member: Member = { peer, gives, asked: [] }
    peer.listen(({ id, body }) => {
      if (id === requestId && gives && member.asked.length < requestsKept) member.asked.push(body)
    })
    peer.say(gives ? say.haveAll : say.bitfield(randomPieces(pieceCount)), say.interested)
    if (gives) peer.say(say.unchoke)
    this.#members.push(member)
  }

  #answer({ peer, asked }: Member): void {
    for (const body of asked.splice(0, blocksABeat)) {
      const request = readRequest(body)
      if (request) peer.say(say.block(request.piece, request.begin, Buffer.alloc(request.length)))
    }
  }

  #anyPiece(): number {
    return Math.floor(Math.random() * this.#init.pieceCount)
  }
}

function randomPieces(pieceCount: number): Buffer {
  const bits = randomBytes(Math.ceil(pieceCount / 8))
  const spare = bits.length * 8 - pieceCount
  bits[bits.length - 1]! &= (0xff << spare) & 0xff
  return bits
}
