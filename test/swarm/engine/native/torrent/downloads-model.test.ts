import { mock } from 'node:test'
import test, { type ExecutionContext } from 'ava'
import fc from 'fast-check'
import {
  blockArriving,
  blockReceived,
  blockRequested,
  PieceDownload,
} from '../../../../../src/swarm/engine/native/torrent/piece-download.ts'
import { blockLength, messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { runs } from '../../../../kit/runs.ts'
import { DownloadsLab } from '../../../../kit/stub-downloads.ts'
import type { StubPeer } from '../../../../kit/stub-peer.ts'

const pieceCount = 6
const lastLength = 2 * blockLength + 7

/** Every piece that was begun: the downloads keep theirs to themselves. */
const begun = new Set<PieceDownload>()
for (const name of ['request', 'arriving'] as const) {
  const original = PieceDownload.prototype[name]
  PieceDownload.prototype[name] = function (block, peer) {
    begun.add(this)
    original.call(this, block, peer)
  }
}

/** Time passes when a test says so. */
let nowMs = 0
test.before(() => void mock.method(performance, 'now', () => nowMs))
test.after.always(() => mock.restoreAll())

interface Asked {
  readonly piece: number
  readonly block: number
  isCancelled: boolean
}

/** A peer as it sees things: what it was asked for and has not answered, and the block that it is in the middle of. */
interface Remote {
  readonly stub: StubPeer
  readonly hasFast: boolean
  asked: Asked[]
  middle: { readonly asked: Asked; readonly rest: Buffer } | undefined
}

class World {
  readonly lab = new DownloadsLab({ pieceCount, lastLength, pieceLength: 3 * blockLength })
  readonly remotes: Remote[] = []
  readonly #t: ExecutionContext
  #ids = 0

  constructor(t: ExecutionContext) {
    this.#t = t
    begun.clear()
    nowMs = 10_000
  }

  join(hasFast: boolean, pieces?: readonly number[]): Remote {
    const stub = this.lab.join({ id: ++this.#ids, hasFast, ...(pieces && { pieces }) })
    const remote: Remote = { stub, hasFast, asked: [], middle: undefined }
    this.remotes.push(remote)
    return remote
  }

  leave(remote: Remote): void {
    this.lab.leave(remote.stub.peer)
    this.remotes.splice(this.remotes.indexOf(remote), 1)
  }

  /** The peer answers one request, the one at `at`, with its block or the beginning of it. */
  answer(remote: Remote, at: number, isHalf: boolean): void {
    if (remote.middle) {
      const { asked, rest } = remote.middle
      remote.middle = undefined
      this.#forget(remote, asked)
      remote.stub.receive(rest)
      return
    }
    const asked = remote.asked[at % remote.asked.length]
    if (!asked) return
    const bytes = this.lab.blockOf(asked.piece, asked.block, remote.stub.peer.id)
    if (isHalf) {
      remote.middle = { asked, rest: bytes.subarray(15) }
      remote.stub.receive(bytes.subarray(0, 15))
    } else {
      this.#forget(remote, asked)
      remote.stub.receive(bytes)
    }
  }

  reject(remote: Remote, at: number): void {
    const asked = remote.asked[at % remote.asked.length]
    if (!remote.hasFast || !asked || asked === remote.middle?.asked) return
    this.#forget(remote, asked)
    const kind = this.lab.downloads.reject(remote.stub.peer, asked.piece, asked.block * blockLength)
    this.#t.not(kind, 'unasked')
    if (kind === 'asked') this.lab.lose(remote.stub, asked.piece)
  }

  choke(remote: Remote): void {
    const { peer } = remote.stub
    if (peer.chokesUs) return
    peer.chokesUs = true
    if (remote.hasFast) return
    this.lab.downloads.release(peer, false)
    for (const asked of remote.asked) if (asked !== remote.middle?.asked) asked.isCancelled = true
  }

  snub({ stub: { peer } }: Remote): void {
    if (peer.outstanding === 0) return
    peer.isSnubbed = true
    this.lab.downloads.release(peer, true)
  }

  /** What is whole is held, or has to be fetched again. */
  judge(verdict: 'held' | 'false' | 'paroled'): void {
    const download = this.lab.complete.shift()
    if (!download || download.isClosed) return
    for (let block = 0; block < download.blocks; block++) {
      const at = block * blockLength
      const bytes = download.buffer.bytes.subarray(at, at + download.lengthOf(block))
      const sender = download.ownerOf(block)
      this.#t.true(bytes.every(byte => byte === sender))
    }
    if (verdict !== 'held') this.lab.downloads.retry(download, verdict === 'paroled')
    else {
      this.lab.downloads.finish(download)
      this.lab.picker.done(download.piece)
    }
  }

  /** Takes in what the peers were told, and looks whether all the books agree. */
  check(): void {
    for (const remote of this.remotes) this.#hear(remote)
    const open = [...begun].filter(download => !download.isClosed)
    for (const { stub, hasFast, asked, middle } of this.remotes) {
      const { id, outstanding, late } = stub.peer
      let owned = 0
      for (const download of open)
        for (let block = 0; block < download.blocks; block++) {
          const state = download.stateOf(block)
          const isUnderway = state === blockRequested || state === blockArriving
          if (isUnderway && download.ownerOf(block) === id) owned++
        }
      this.#t.is(outstanding, owned, `peer ${id}`)
      // Who does not speak the fast extension leaves what it was asked for before a choke unanswered.
      if (hasFast) this.#t.is(outstanding + late, asked.length, `peer ${id}`)
      const dropped = asked.filter(one => one.isCancelled && one !== middle?.asked)
      if (!hasFast) this.#t.true(late >= dropped.length)
    }
    const held = new Set(this.remotes.map(({ stub }) => stub.peer.id))
    for (const download of open)
      for (let block = 0; block < download.blocks; block++)
        if (download.stateOf(block) !== blockReceived && download.ownerOf(block) !== -1)
          this.#t.true(held.has(download.ownerOf(block)), 'nobody waits for a peer that is gone')
    this.#t.is(
      this.lab.buffers.usedBytes,
      open.reduce((sum, { buffer }) => sum + buffer.bytes.length, 0),
    )
    this.#t.deepEqual(this.lab.faults, [])
  }

  #hear(remote: Remote): void {
    for (const { id, numbers } of remote.stub.said()) {
      const [piece, block] = [numbers[0]!, numbers[1]! / blockLength]
      if (id === messageId.request) remote.asked.push({ piece, block, isCancelled: false })
      if (id !== messageId.cancel) continue
      const asked = remote.asked.find(one => one.piece === piece && one.block === block && !one.isCancelled)
      if (asked) asked.isCancelled = true
    }
  }

  #forget(remote: Remote, asked: Asked): void {
    remote.asked = remote.asked.filter(one => one !== asked)
  }
}

type Step = (world: World) => void

/** A step that is shown by its name where the property fails. */
const named = (name: string, step: Step): Step => Object.assign(step, { [fc.toStringMethod]: () => name })

const numbers = fc.nat(1_000)
/** A step that one of the peers takes. */
const ofPeer = (name: string, act: (world: World, remote: Remote, at: number) => void) =>
  fc.tuple(numbers, numbers).map(([who, at]) =>
    named(`${name} ${who} ${at}`, world => {
      const remote = world.remotes[who % Math.max(world.remotes.length, 1)]
      if (remote) act(world, remote, at)
    }),
  )
const pieces = fc.subarray([0, 1, 2, 3, 4, 5])

const steps = fc.oneof(
  { weight: 10, arbitrary: ofPeer('fill', ({ lab }, { stub }) => lab.downloads.fill(stub.peer)) },
  { weight: 10, arbitrary: ofPeer('answer', (world, remote, at) => world.answer(remote, at, false)) },
  { weight: 5, arbitrary: ofPeer('half', (world, remote, at) => world.answer(remote, at, true)) },
  { weight: 3, arbitrary: ofPeer('reject', (world, remote, at) => world.reject(remote, at)) },
  { weight: 3, arbitrary: ofPeer('choke', (world, remote) => world.choke(remote)) },
  {
    weight: 3,
    arbitrary: ofPeer('unchoke', (_, { stub }) => {
      stub.peer.chokesUs = false
    }),
  },
  { weight: 2, arbitrary: ofPeer('snub', (world, remote) => world.snub(remote)) },
  { weight: 1, arbitrary: ofPeer('leave', (world, remote) => world.leave(remote)) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.boolean(), fc.option(pieces)).map(([hasFast, some]) =>
      named(`join ${hasFast} ${some}`, world => {
        if (world.remotes.length < 4) world.join(hasFast, some ?? undefined)
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: ofPeer('offer', ({ lab }, { stub }, at) => {
      if (stub.peer.hasPiece(at % pieceCount)) lab.downloads.offer(stub.peer, at % pieceCount)
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(numbers, pieces).map(([who, urgent]) =>
      named(`make way ${who} ${urgent}`, ({ lab, remotes }) => {
        const remote = remotes[who % Math.max(remotes.length, 1)]
        if (remote) lab.downloads.makeWay(remote.stub.peer, piece => urgent.includes(piece))
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: pieces.map(wanted =>
      named(`drop all but ${wanted}`, ({ lab }) => lab.downloads.drop(piece => wanted.includes(piece))),
    ),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('held' as const, 'held' as const, 'false' as const, 'paroled' as const)
      .map(verdict => named(verdict, world => world.judge(verdict))),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(1, 150, 3_000).map(ms =>
      named(`after ${ms} ms`, () => {
        nowMs += ms
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant(named('hold', ({ lab }) => lab.downloads.hold())) },
  { weight: 2, arbitrary: fc.constant(named('go', ({ lab }) => lab.downloads.go())) },
)

test('a peer owes what it was asked for, whatever it and the others do', t => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 120 }), done => {
      const world = new World(t)
      world.join(true)
      world.join(false)
      for (const step of done) {
        step(world)
        world.check()
      }
    }),
    { numRuns: runs(150) },
  )
})

test('whatever happened, a seed that comes at last brings all there is, though the others stay and say nothing', t => {
  fc.assert(
    fc.property(fc.array(steps, { minLength: 10, maxLength: 120 }), fc.boolean(), (done, paroles) => {
      const world = new World(t)
      world.join(true)
      world.join(false)
      for (const step of done) {
        step(world)
        world.check()
      }
      const { lab } = world
      lab.downloads.go()
      const silent = [...world.remotes]
      const seed = world.join(true)
      let isFirst = paroles
      for (let second = 0; second < 100 && lab.picker.remaining > 0; second++) {
        nowMs += 1_000
        for (const remote of silent) world.snub(remote)
        for (const { stub } of world.remotes) lab.downloads.fill(stub.peer)
        world.check()
        while (seed.asked.length > 0) {
          world.answer(seed, 0, false)
          world.check()
        }
        while (lab.complete.length > 0) {
          world.judge(isFirst ? 'paroled' : 'held')
          isFirst = false
        }
      }
      t.is(lab.picker.remaining, 0)
      t.is(lab.buffers.usedBytes, 0)
    }),
    { numRuns: runs(150) },
  )
})
