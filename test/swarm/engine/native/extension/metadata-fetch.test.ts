import test from 'ava'
import fc from 'fast-check'
import { MetadataFetch } from '../../../../../src/swarm/engine/native/extension/metadata-fetch.ts'
import {
  readMetadataMessage,
  writeMetadataData,
  writeMetadataReject,
} from '../../../../../src/swarm/engine/native/extension/metadata-message.ts'

const wanted = Buffer.from(Array.from({ length: 40_000 }, (_, index) => index % 251))
const fake = Buffer.alloc(40_000, 'fake')

/** A fetch whose requests are kept until they are answered. */
function arrange() {
  const time = { ms: 0 }
  const asked: { peer: number; block: number }[] = []
  const found: Uint8Array[] = []
  const liars: number[] = []
  const fetch = new MetadataFetch({
    accepts: bytes => wanted.equals(bytes),
    send: (peer, payload) => asked.push({ peer, block: readMetadataMessage(payload)!.block }),
    onMetadata: bytes => found.push(bytes),
    onLiar: peer => liars.push(peer),
    now: () => time.ms,
  })
  /** Has a peer answer all that it was asked, of what it takes for the dictionary. */
  const answer = (peer: number, bytes: Uint8Array) => {
    for (const { block } of takeAsked(peer)) fetch.onMessage(peer, writeMetadataData(block, bytes))
  }
  const takeAsked = (peer: number) => {
    const mine = asked.filter(request => request.peer === peer)
    const others = asked.filter(request => request.peer !== peer)
    asked.splice(0, asked.length, ...others)
    return mine
  }
  const wait = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      time.ms += 1_000
      fetch.tick()
    }
  }
  const peersAsked = () => [...new Set(asked.map(({ peer }) => peer))]
  return { fetch, asked, found, liars, answer, takeAsked, wait, peersAsked }
}

test('what one peer sends is put together and handed on once', t => {
  const { fetch, found, liars, answer } = arrange()
  fetch.addPeer(1, wanted.length)
  answer(1, wanted)
  t.true(wanted.equals(found[0]!))
  fetch.addPeer(2, wanted.length)
  answer(2, wanted)
  answer(1, wanted)
  t.is(found.length, 1)
  t.deepEqual(liars, [])
})

test('blocks in any order, repeated or unasked, do no harm', t => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 30 }), order => {
      const { fetch, found, liars } = arrange()
      fetch.addPeer(1, wanted.length)
      for (const block of order) fetch.onMessage(1, writeMetadataData(block, wanted))
      for (const block of [2, 0, 1]) fetch.onMessage(1, writeMetadataData(block, wanted))
      t.is(found.length, 1)
      t.deepEqual(liars, [])
    }),
  )
})

test('a peer that sends something false is told of, not asked again, and another one is asked', t => {
  const { fetch, found, liars, answer, wait, asked } = arrange()
  fetch.addPeer(1, fake.length)
  fetch.addPeer(2, wanted.length)
  answer(1, fake)
  t.deepEqual(liars, [1])
  t.deepEqual(found, [])
  answer(2, wanted)
  t.is(found.length, 1)
  wait(1_000)
  t.deepEqual(asked, [])
})

test('a lone liar is never asked again', t => {
  const { fetch, answer, wait, asked, liars } = arrange()
  fetch.addPeer(1, fake.length)
  answer(1, fake)
  wait(2_000)
  fetch.addPeer(1, fake.length)
  t.deepEqual(asked, [])
  t.deepEqual(liars, [1])
})

test('a size that is none, or more than 10 MB, is not asked for', t => {
  const { fetch, wait, asked } = arrange()
  for (const [peer, size] of [0, -1, 1.5, Number.NaN, 10_000_001, Number.MAX_SAFE_INTEGER].entries())
    fetch.addPeer(peer, size)
  wait(10)
  t.deepEqual(asked, [])
})

test('no peer has more than eight requests to answer', t => {
  const { fetch, asked } = arrange()
  fetch.addPeer(1, 10_000_000)
  t.is(asked.length, 8)
})

test('while one is silent others are asked, and the silent one is given up', t => {
  const { fetch, found, answer, wait, peersAsked } = arrange()
  for (const peer of [1, 2, 3, 4, 5, 6]) fetch.addPeer(peer, wanted.length)
  t.deepEqual(peersAsked(), [1])
  wait(3)
  t.deepEqual(peersAsked(), [1, 2])
  wait(9)
  t.deepEqual(peersAsked(), [1, 2, 3, 4])
  wait(4)
  t.true(peersAsked().includes(5))
  answer(5, wanted)
  t.is(found.length, 1)
})

test('peers that send ever so slowly do not keep an honest one away', t => {
  const { fetch, found, answer, wait, takeAsked } = arrange()
  for (const peer of [1, 2, 3, 4]) fetch.addPeer(peer, 10_000_000)
  const slow = Buffer.alloc(10_000_000)
  for (let turn = 0; turn < 30 && found.length === 0; turn++) {
    wait(5)
    for (const peer of [1, 2, 3, 4]) {
      const [first] = takeAsked(peer)
      if (first) fetch.onMessage(peer, writeMetadataData(first.block, slow))
    }
    if (turn === 2) fetch.addPeer(5, wanted.length)
    answer(5, wanted)
  }
  t.is(found.length, 1)
})

test('a peer that rejects is asked again later, and goes on where it was', t => {
  const { fetch, found, answer, wait, takeAsked, asked } = arrange()
  fetch.addPeer(1, wanted.length)
  for (const { block } of takeAsked(1))
    fetch.onMessage(1, block === 0 ? writeMetadataReject(0) : writeMetadataData(block, wanted))
  t.deepEqual(asked, [])
  wait(5)
  t.deepEqual(asked, [{ peer: 1, block: 0 }])
  answer(1, wanted)
  t.is(found.length, 1)
})

test('a peer that contradicts its own size is left for another', t => {
  const { fetch, found, liars, answer } = arrange()
  fetch.addPeer(1, wanted.length)
  fetch.addPeer(2, wanted.length)
  answer(1, Buffer.alloc(50_000))
  answer(2, wanted)
  t.is(found.length, 1)
  t.deepEqual(liars, [])
})

test('of peers that claim different sizes one of the majority comes next', t => {
  const { fetch, peersAsked, wait } = arrange()
  fetch.addPeer(1, 1_000)
  fetch.addPeer(2, 1_001)
  fetch.addPeer(3, wanted.length)
  fetch.addPeer(4, wanted.length)
  wait(3)
  t.deepEqual(peersAsked(), [1, 3])
})

test('when a peer goes another one is asked at once', t => {
  const { fetch, found, answer } = arrange()
  fetch.addPeer(1, wanted.length)
  fetch.addPeer(2, wanted.length)
  fetch.removePeer(1)
  answer(2, wanted)
  t.is(found.length, 1)
})

test('whatever peers send, nothing false is accepted and nothing throws', t => {
  const event = fc.oneof(
    fc.record({ peer: fc.nat(3), bytes: fc.uint8Array({ maxLength: 60 }) }),
    fc.record({
      peer: fc.nat(3),
      block: fc.nat(4),
      kind: fc.constantFrom('data', 'reject', 'fake', 'gone', 'wait'),
    }),
  )
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), events => {
      const { fetch, found, wait, takeAsked } = arrange()
      for (const entry of events) {
        fetch.addPeer(entry.peer, wanted.length)
        if ('bytes' in entry) fetch.onMessage(entry.peer, entry.bytes)
        else if (entry.kind === 'gone') fetch.removePeer(entry.peer)
        else if (entry.kind === 'wait') wait(entry.block * 5)
        else if (entry.kind === 'reject') fetch.onMessage(entry.peer, writeMetadataReject(entry.block))
        else
          fetch.onMessage(entry.peer, writeMetadataData(entry.block, entry.kind === 'data' ? wanted : fake))
      }
      takeAsked(0)
      t.true(found.length <= 1)
      for (const bytes of found) t.true(wanted.equals(bytes))
    }),
  )
})
