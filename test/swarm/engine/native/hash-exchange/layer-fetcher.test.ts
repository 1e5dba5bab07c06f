import { setImmediate as nextTurn } from 'node:timers/promises'
import test from 'ava'
import fc from 'fast-check'
import type { Hex, Metainfo } from '../../../../../src/core/index.ts'
import { HashAnswers } from '../../../../../src/swarm/engine/native/hash-exchange/hash-answers.ts'
import { readHashRange } from '../../../../../src/swarm/engine/native/hash-exchange/hash-message.ts'
import { LayerFetcher } from '../../../../../src/swarm/engine/native/hash-exchange/layer-fetcher.ts'
import { messageId } from '../../../../../src/swarm/engine/native/wire/message.ts'
import { layeredTorrent } from '../../../../kit/layered-torrent.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

type Giver = (message: Buffer, answer: (message: Buffer) => void) => void

interface Fetching {
  readonly fetcher: LayerFetcher
  readonly layers: Map<Hex, Uint8Array>
  readonly liars: number[]
  readonly asked: { peer: number; root: Hex; index: number }[]
  nowMs: number
  add(peer: number, giver: Giver): void
}

/** A fetcher without any layer, and peers that answer it in a later turn. */
function fetching(metainfo: Metainfo): Fetching {
  const givers = new Map<number, Giver>()
  const deliver = (peer: number) => (message: Buffer) => {
    setImmediate(() => {
      const body = message.subarray(5)
      if (message[4] === messageId.hashes) state.fetcher.onHashes(peer, body)
      else state.fetcher.onReject(peer, body)
    })
  }
  const state: Fetching = {
    layers: new Map(),
    liars: [],
    asked: [],
    nowMs: 0,
    add: (peer, giver) => {
      givers.set(peer, giver)
      state.fetcher.addPeer(peer)
    },
    fetcher: new LayerFetcher({
      metainfo: { ...metainfo, pieceLayers: new Map() },
      send: (peer, message) => {
        const { root, index } = readHashRange(message.subarray(5))!
        state.asked.push({ peer, root, index })
        givers.get(peer)!(message, deliver(peer))
      },
      onLayer: (root, layer) => {
        if (state.layers.has(root)) throw new Error('a layer came twice')
        state.layers.set(root, layer)
      },
      onLiar: peer => state.liars.push(peer),
      now: () => state.nowMs,
    }),
  }
  return state
}

/** A peer that has every layer. */
function honest(metainfo: Metainfo): Giver {
  const answers = new HashAnswers({ metainfo, pendingBytes: () => 0 })
  return (message, answer) => answers.answer(1, message.subarray(5), answer)
}

const bareOf = (metainfo: Metainfo): Metainfo => ({ ...metainfo, pieceLayers: new Map() })
const rejecting = (metainfo: Metainfo) => honest(bareOf(metainfo))
const silent: Giver = () => {}
const hasAll = ({ layers }: Fetching, { pieceLayers }: Metainfo) =>
  layers.size === pieceLayers.size &&
  [...layers].every(([root, layer]) => Buffer.compare(layer, pieceLayers.get(root)!) === 0)
const done = ({ fetcher }: Fetching) => waitUntil('every layer is here', () => fetcher.isComplete)

/** A peer that changes one bit of each answer, at a place of its own choice. */
const lying =
  (metainfo: Metainfo, where: number): Giver =>
  (message, answer) =>
    honest(metainfo)(message, hashes => {
      hashes[5 + 48 + Math.floor(where * (hashes.length - 53))]! ^= 1
      answer(hashes)
    })

test('layers of any length are fetched from a peer that has them, none twice', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 2, max: 2600 }), { minLength: 1, maxLength: 8 }),
      async counts => {
        const metainfo = layeredTorrent(counts)
        const state = fetching(metainfo)
        state.add(1, honest(metainfo))
        await done(state)
        t.true(hasAll(state, metainfo))
        t.deepEqual(state.liars, [])
        t.is(new Set(state.asked.map(({ root, index }) => `${root}${index}`)).size, state.asked.length)
      },
    ),
    { numRuns: 15 },
  )
})

test('a lie is found whatever bit it changes, and the layer comes from another peer', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(2, 3, 511, 513, 1500),
      fc.double({ min: 0, max: 0.9999, noNaN: true }),
      async (count, where) => {
        const metainfo = layeredTorrent([count])
        // A padding node is put right rather than believed, so that such a lie does no harm.
        const state = fetching(metainfo)
        state.add(1, lying(metainfo, where))
        await waitUntil('the lie is found', () => state.liars.length > 0 || state.fetcher.isComplete)
        state.add(2, honest(metainfo))
        await done(state)
        t.true(hasAll(state, metainfo))
        t.true(state.liars.every(peer => peer === 1))
      },
    ),
    { numRuns: 25 },
  )
})

test('a liar is not asked again', async t => {
  const metainfo = layeredTorrent([3000, 5, 5000])
  const state = fetching(metainfo)
  state.add(1, lying(metainfo, 0))
  await waitUntil('the lie is found', () => state.liars.length > 0)
  const asked = state.asked.length
  state.nowMs += 60_000
  state.fetcher.tick()
  await nextTurn()
  t.is(state.asked.length, asked)
  t.deepEqual(state.liars, [1])
})

test('what a peer refuses is asked of another, and again of the same peer after half a minute', async t => {
  const metainfo = layeredTorrent([700, 40])
  const state = fetching(metainfo)
  let giver = rejecting(metainfo)
  state.add(1, (message, answer) => giver(message, answer))
  await nextTurn()
  await nextTurn()
  const asked = state.asked.length
  state.fetcher.tick()
  t.is(state.asked.length, asked)
  giver = honest(metainfo)
  state.nowMs += 31_000
  state.fetcher.tick()
  await done(state)
  t.true(hasAll(state, metainfo))
})

test('a peer that is silent holds nothing up for longer than ten seconds, nor does one that goes', async t => {
  const metainfo = layeredTorrent([4000])
  const state = fetching(metainfo)
  state.add(1, silent)
  state.add(2, silent)
  t.is(state.asked.length, 8)
  state.fetcher.removePeer(1)
  t.is(state.asked.length, 16)
  state.add(3, honest(metainfo))
  state.nowMs = 9_000
  state.fetcher.tick()
  await nextTurn()
  t.false(state.fetcher.isComplete)
  state.nowMs = 10_001
  state.fetcher.tick()
  await done(state)
  t.deepEqual(state.liars, [])
})

test('no more than 8 requests wait at a peer and 64 in all', t => {
  const metainfo = layeredTorrent([200_000])
  const state = fetching(metainfo)
  for (let peer = 1; peer <= 20; peer++) state.add(peer, silent)
  t.is(state.asked.length, 64)
  for (let peer = 1; peer <= 8; peer++) t.is(state.asked.filter(asked => asked.peer === peer).length, 8)
})

test('preferred layers are asked for first', t => {
  const metainfo = layeredTorrent(Array.from({ length: 50 }, (_, index) => 2 + index))
  const roots = [...metainfo.pieceLayers.keys()]
  const state = fetching(metainfo)
  state.fetcher.prefer([roots[40]!, roots[30]!])
  state.add(1, silent)
  t.deepEqual(
    state.asked.slice(0, 3).map(({ root }) => root),
    [roots[40]!, roots[30]!, roots[0]!],
  )
})

test('answers that nobody asked for, and bytes that are none, change nothing', async t => {
  const metainfo = layeredTorrent([40])
  const state = fetching(metainfo)
  let stolen: Buffer | undefined
  state.add(1, message =>
    honest(metainfo)(message, answer => {
      stolen = answer
    }),
  )
  t.true(state.fetcher.onHashes(2, stolen!.subarray(5)))
  t.false(state.fetcher.isComplete)
  t.false(state.fetcher.onHashes(1, Buffer.alloc(47)))
  t.false(state.fetcher.onReject(1, Buffer.alloc(49)))
  t.true(state.fetcher.onHashes(1, stolen!.subarray(5)))
  t.true(state.fetcher.isComplete)
  t.true(state.fetcher.onHashes(1, stolen!.subarray(5)))
  t.is(state.layers.size, 1)
})

test('peers that give, refuse, lie, fall silent and leave at random never lose a row', async t => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('refuse', 'silent', 'give', 'leave'), { maxLength: 30 }),
      async moods => {
        const metainfo = layeredTorrent([1200, 2, 600, 3, 77, 5000])
        const state = fetching(metainfo)
        const givers = { refuse: rejecting(metainfo), silent, give: honest(metainfo), leave: silent }
        for (const [peer, mood] of moods.entries()) {
          let left = 3
          // Each gives a little and then shows its mood.
          state.add(peer, (message, answer) => (left-- > 0 ? givers.give : givers[mood])(message, answer))
          await nextTurn()
          if (mood === 'leave') state.fetcher.removePeer(peer)
          state.nowMs += 4_000
          state.fetcher.tick()
        }
        state.nowMs += 60_000
        state.fetcher.tick()
        for (let peer = 0; peer < moods.length; peer++) state.fetcher.removePeer(peer)
        state.add(99, givers.give)
        await done(state)
        t.true(hasAll(state, metainfo))
      },
    ),
    { numRuns: 15 },
  )
})

test('a hundred thousand small files are got through quickly, though the first peer refuses everything', async t => {
  const metainfo = layeredTorrent(Array.from({ length: 100_000 }, () => 2))
  const state = fetching(metainfo)
  const started = performance.now()
  state.add(1, rejecting(metainfo))
  await nextTurn()
  for (let peer = 2; peer < 8; peer++) state.add(peer, honest(metainfo))
  await waitUntil('six thousand layers are here', () => state.layers.size > 6_000)
  t.true(performance.now() - started < 20_000)
})
