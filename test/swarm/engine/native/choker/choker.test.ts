import test from 'ava'
import fc from 'fast-check'
import { type ChokePeer, Choker, slotsFor } from '../../../../../src/swarm/engine/native/choker/choker.ts'

const peer = (id: number, facts: Partial<ChokePeer> = {}): ChokePeer => ({
  id,
  isInterested: true,
  isChoked: true,
  isSnubbed: false,
  downloadRate: 0,
  uploadRate: 0,
  unchokedAtMs: 0,
  joinedAtMs: 0,
  ...facts,
})
const sorted = (ids: ReadonlySet<number>) => [...ids].sort((a, b) => a - b)
const longAgo = 1_000_000

test('there are 4 slots at least, one more for every 64 KiB a second, 50 at most or without limit', t => {
  t.deepEqual(
    [0, 1, 262_144, 327_680, 20_000_000, undefined].map(rate => slotsFor(rate)),
    [4, 4, 4, 5, 50, 50],
  )
})

test('everybody who wants something is unchoked while there are slots, nobody else', t => {
  const choker = new Choker({ slots: 4 })
  const peers = [peer(1), peer(2, { isInterested: false }), peer(3, { isSnubbed: true })]
  t.deepEqual(sorted(choker.round(peers, { isSeeding: false, nowMs: longAgo })), [1, 3])
  t.is(choker.optimistic, undefined)
})

test('those who send most are sent to, and one more by chance', t => {
  const choker = new Choker({ slots: 4, random: () => 0 })
  const peers = Array.from({ length: 10 }, (_, id) => peer(id, { downloadRate: id * 1_000 }))
  t.deepEqual(sorted(choker.round(peers, { isSeeding: false, nowMs: longAgo })), [0, 7, 8, 9])
  t.is(choker.optimistic, 0)
})

test('a peer that was asked and sends nothing gives way to newcomers, whatever it sent before', t => {
  const choker = new Choker({ slots: 2, random: () => 0.999 })
  const peers = [
    peer(1, { isSnubbed: true, downloadRate: 9_999 }),
    peer(2, { joinedAtMs: 500 }),
    peer(3, { isSnubbed: true, joinedAtMs: 1 }),
  ]
  t.true(choker.round(peers, { isSeeding: false, nowMs: longAgo }).has(2))
})

test('the one by chance keeps its place for 30 s, then another may have it', t => {
  const draws = [0, 0.99]
  const choker = new Choker({ slots: 2, random: () => draws.shift()! })
  const peers = [peer(1, { downloadRate: 5 }), peer(2), peer(3), peer(4)]
  const round = (nowMs: number) => sorted(choker.round(peers, { isSeeding: false, nowMs }))
  t.deepEqual(round(longAgo), [1, 2])
  t.deepEqual(round(longAgo + 10_000), [1, 2])
  t.deepEqual(round(longAgo + 29_999), [1, 2])
  t.deepEqual(round(longAgo + 30_000), [1, 4])
})

test('the one by chance that leaves, or earns its place, is replaced at once', t => {
  const choker = new Choker({ slots: 2, random: () => 0 })
  const options = { isSeeding: false, nowMs: longAgo }
  choker.round([peer(1, { downloadRate: 5 }), peer(2), peer(3)], options)
  t.is(choker.optimistic, 2)
  choker.round([peer(1, { downloadRate: 5 }), peer(3), peer(4)], options)
  t.is(choker.optimistic, 3)
  choker.round([peer(1, { downloadRate: 5 }), peer(3, { downloadRate: 9 }), peer(4)], options)
  t.is(choker.optimistic, 1)
})

test('a newcomer is three times as likely to be tried', t => {
  let state = 7
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const peers = [peer(0, { downloadRate: 1 }), peer(1), peer(2), peer(3, { joinedAtMs: longAgo - 1_000 })]
  let newcomer = 0
  for (let round = 0; round < 2_000; round++) {
    const choker = new Choker({ slots: 2, random })
    choker.round(peers, { isSeeding: false, nowMs: longAgo })
    if (choker.optimistic === 3) newcomer++
  }
  t.true(newcomer > 1_080 && newcomer < 1_320, `${newcomer} of 2,000`)
})

test('a seed lets those finish whose turn it is, then takes those who waited longest', t => {
  const choker = new Choker({ slots: 4, random: () => 0 })
  const now = longAgo
  const peers = [
    peer(1, { isChoked: false, unchokedAtMs: now - 90_000, uploadRate: 9_999 }),
    peer(2, { isChoked: false, unchokedAtMs: now - 10_000, uploadRate: 1 }),
    peer(3, { unchokedAtMs: now - 300_000 }),
    peer(4),
    peer(5, { unchokedAtMs: now - 200_000 }),
    peer(6, { unchokedAtMs: now - 100_000 }),
  ]
  const chosen = choker.round(peers, { isSeeding: true, nowMs: now })
  t.is(chosen.size, 4)
  for (const id of [2, 3, 4]) t.true(chosen.has(id), `${id}`)
})

test('a seed gives each of 40 peers a place within 15 minutes, and all its slots in every round', t => {
  const choker = new Choker({ slots: 4, random: () => 0.5 })
  const state = Array.from({ length: 40 }, (_, id) => ({ ...peer(id, { uploadRate: id }) }))
  const served = new Set<number>()
  for (let nowMs = longAgo; nowMs < longAgo + 15 * 60_000; nowMs += 10_000) {
    const chosen = choker.round(state, { isSeeding: true, nowMs })
    t.is(chosen.size, 4)
    for (const [id, it] of state.entries()) {
      if (chosen.has(id) && it.isChoked) state[id] = { ...it, isChoked: false, unchokedAtMs: nowMs }
      else if (!chosen.has(id)) state[id] = { ...it, isChoked: true }
    }
    for (const id of chosen) served.add(id)
  }
  t.is(served.size, 40)
})

test('never is a slot empty while somebody waits, nor anybody unchoked who wants nothing', t => {
  const facts = fc.record({
    isInterested: fc.boolean(),
    isChoked: fc.boolean(),
    isSnubbed: fc.boolean(),
    downloadRate: fc.nat(),
    uploadRate: fc.nat(),
    unchokedAtMs: fc.nat(longAgo),
    joinedAtMs: fc.nat(longAgo),
  })
  fc.assert(
    fc.property(
      fc.array(facts, { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (list, slots, isSeeding, draw) => {
        const peers = list.map((it, id) => peer(id, it))
        const chosen = new Choker({ slots, random: () => draw }).round(peers, { isSeeding, nowMs: longAgo })
        const waiting = peers.filter(({ isInterested }) => isInterested)
        return (
          chosen.size === Math.min(slots, waiting.length) && [...chosen].every(id => peers[id]!.isInterested)
        )
      },
    ),
  )
  t.pass()
})
