import test, { type ExecutionContext } from 'ava'
import { P2pShareError } from '../../../src/core/index.ts'
import { AnnounceTurns } from '../../../src/swarm/discovery/announce-turns.ts'
import type { TrackerAnswer } from '../../../src/swarm/discovery/tracker-answer.ts'
import { TrackerConversation } from '../../../src/swarm/discovery/tracker-conversation.ts'
import type { TrackerRequest } from '../../../src/swarm/discovery/tracker-request.ts'
import { FakeClock } from '../../kit/fake-clock.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const answer: TrackerAnswer = {
  intervalMs: 1_800_000,
  seeds: 1,
  leeches: 2,
  peers: ['192.0.2.1:1'],
  trackerId: Buffer.from('id'),
  warning: undefined,
}

/** A conversation with a tracker that says what `say` gives, and what was asked. */
function conversation(
  _t: ExecutionContext,
  { say = () => answer, allowPrivate = true }: { say?: () => TrackerAnswer; allowPrivate?: boolean } = {},
) {
  const clock = new FakeClock()
  const asked: TrackerRequest[] = []
  const peers: string[] = []
  const facts = { left: 10 }
  const talk = new TrackerConversation({
    url: 'http://tracker.example/announce',
    announce: async (_, request) => {
      asked.push(request)
      return say()
    },
    allowPrivate,
    turns: new AnnounceTurns(),
    clock,
    onPeers: addresses => peers.push(...addresses),
    request: (event, trackerId) => ({
      infoHash: Buffer.alloc(20),
      peerId: Buffer.alloc(20),
      port: 1,
      key: 2,
      uploaded: 3,
      downloaded: 4,
      wanted: 5,
      left: facts.left,
      event,
      trackerId,
    }),
  })
  /** Moves on until the next announce, and answers after how long it was made. */
  const next = async () => {
    await waitUntil('there is something to wait for', () => clock.nextMs !== undefined, { intervalMs: 1 })
    const { nextMs = 0 } = clock
    const count = asked.length
    clock.move(nextMs)
    await waitUntil('it is asked', () => asked.length > count && clock.nextMs !== undefined, {
      intervalMs: 1,
    })
    return nextMs
  }
  return { clock, asked, peers, facts, talk, next, events: () => asked.map(({ event }) => event) }
}

test('A tracker is told of the start, then asked at its interval with the id it gave, and told of the end', async t => {
  const { talk, next, events, asked, peers } = conversation(t)
  talk.start()
  talk.start()
  t.is(await next(), 0)
  t.is(await next(), 1_800_000)
  await talk.stop()
  t.deepEqual(events(), ['started', undefined, 'stopped'])
  t.deepEqual(
    asked.map(({ trackerId }) => trackerId?.toString()),
    [undefined, 'id', 'id'],
  )
  t.deepEqual(peers, ['192.0.2.1:1', '192.0.2.1:1'])
  t.like(talk.stats, { status: 'working', seeds: 1, leeches: 2, message: undefined })
})

test('A tracker that never answered is not told of the end', async t => {
  const { talk, events } = conversation(t)
  talk.start()
  await talk.stop()
  t.deepEqual(events(), [])
})

test('Being complete is said once, by whoever was not from the start', async t => {
  const { talk, facts, next, events } = conversation(t)
  talk.complete()
  talk.start()
  await next()
  facts.left = 0
  talk.complete()
  talk.complete()
  t.is(await next(), 0)
  talk.complete()
  t.is(await next(), 1_800_000)
  t.deepEqual(events(), ['started', 'completed', undefined])

  const seed = conversation(t)
  seed.facts.left = 0
  seed.talk.start()
  await seed.next()
  seed.talk.complete()
  t.is(await seed.next(), 1_800_000)
  t.deepEqual(seed.events(), ['started', undefined])
})

test('Out of turn a tracker is asked at once, but not again within half a minute', async t => {
  const { talk, next, clock, events } = conversation(t)
  talk.start()
  await next()
  talk.announceNow()
  t.is(await next(), 0)
  talk.announceNow()
  t.is(clock.nextMs, 30_000)
  clock.move(30_000)
  talk.announceNow()
  t.is(await next(), 0)
  t.deepEqual(events(), ['started', undefined, undefined])
})

test('A tracker that is away is asked ever more seldom, and at its interval again once it is back', async t => {
  let isAway = true
  const { talk, next, events } = conversation(t, {
    say: () => {
      if (isAway) throw new P2pShareError('ERR_FETCH_FAILED', 'away')
      return answer
    },
  })
  talk.start()
  t.is(await next(), 0)
  t.like(talk.stats, { status: 'failed', message: 'away' })
  const waits: number[] = []
  for (let count = 0; count < 8; count++) waits.push(await next())
  for (const [index, wait] of waits.entries()) {
    const least = Math.min(30_000 * 2 ** index, 1_800_000)
    t.true(wait >= least && wait <= least * 1.25, `${wait} after ${index}`)
  }
  isAway = false
  await next()
  t.is(talk.stats.status, 'working')
  t.is(Math.round(await next()), 1_800_000)
  t.deepEqual(events().slice(0, 10), Array(10).fill('started'))
  t.is(events().at(-1), undefined)
})

test('A tracker at a public address that names private ones has nobody contacted there', async t => {
  const peers = ['127.0.0.1:1', '10.0.0.1:1', '[::1]:1', '1.1.1.1:1', '[2606:4700::1]:1']
  const outside = conversation(t, { allowPrivate: false, say: () => ({ ...answer, peers }) })
  outside.talk.start()
  await outside.next()
  t.deepEqual(outside.peers, peers.slice(3))
  const inside = conversation(t, { say: () => ({ ...answer, peers }) })
  inside.talk.start()
  await inside.next()
  t.deepEqual(inside.peers, peers)
})

test('A tracker at a private address that nobody asked to contact is refused', async t => {
  const { talk, next } = conversation(t, {
    say: () => {
      throw new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', 'private')
    },
  })
  talk.start()
  await next()
  t.is(talk.stats.status, 'refused')
})
