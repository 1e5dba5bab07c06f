import { randomBytes } from 'node:crypto'
import test, { type ExecutionContext } from 'ava'
import { TrackerAnnouncer, type TrackerAnnouncerInit } from '../../../src/swarm/discovery/trackers.ts'
import { startTracker } from '../../kit/tracker.ts'
import { waitUntil } from '../../kit/wait-until.ts'

function announcer(t: ExecutionContext, init: Partial<TrackerAnnouncerInit>) {
  const peers = new Set<string>()
  const made = new TrackerAnnouncer({
    infoHashes: [Buffer.alloc(20, 7)],
    peerId: randomBytes(20),
    port: 6881,
    trackers: [],
    key: 1,
    left: () => undefined,
    uploaded: () => 0,
    downloaded: () => 0,
    onPeers: addresses => {
      for (const address of addresses) peers.add(address)
    },
    wanted: () => 50,
    ...init,
  })
  t.teardown(() => made.stop())
  return { made, peers }
}

for (const kind of ['http', 'udp'] as const)
  test(`Two that announce to one tracker over ${kind} meet, and leave it when they stop`, async t => {
    const tracker = await startTracker(t, kind)
    const trackers = [tracker.announce]
    const seed = announcer(t, { trackers, port: 1001, left: () => 0 })
    seed.made.start()
    await waitUntil('the first is known', () => seed.made.stats()[0]?.status === 'working')
    const leech = announcer(t, { trackers, port: 1002, left: () => 5 })
    leech.made.start()
    await waitUntil('they meet', () => leech.peers.has('127.0.0.1:1001'))
    t.like(leech.made.stats()[0], { url: tracker.announce, seeds: 1, leeches: 1 })
    await seed.made.stop()
    await seed.made.stop()
    const late = announcer(t, { trackers, port: 1003, left: () => 5 })
    late.made.start()
    await waitUntil('it is answered', () => late.made.stats()[0]?.status === 'working')
    t.false(late.peers.has('127.0.0.1:1001'))
    t.like(late.made.stats()[0], { seeds: 0, leeches: 2 })
  })

test('Under both of its hashes a torrent is one entry a tracker, and meets peers of either', async t => {
  const tracker = await startTracker(t, 'http')
  const trackers = [tracker.announce, tracker.announce]
  const [v1, v2] = [Buffer.alloc(20, 1), Buffer.alloc(20, 2)]
  const others = [v1, v2].map((hash, index) =>
    announcer(t, { trackers, infoHashes: [hash], port: 2001 + index }),
  )
  for (const { made } of others) made.start()
  await waitUntil('they are known', () => others.every(({ made }) => made.stats()[0]?.status === 'working'))
  const hybrid = announcer(t, { trackers, infoHashes: [v1, v2], port: 2003 })
  t.is(hybrid.made.hashCount, 2)
  hybrid.made.start()
  await waitUntil(
    'both are met',
    () => hybrid.peers.has('127.0.0.1:2001') && hybrid.peers.has('127.0.0.1:2002'),
  )
  t.is(hybrid.made.stats().length, 1)
})

test('Trackers that cannot be asked say why, and hinder no other', async t => {
  const tracker = await startTracker(t, 'http')
  const strange = ['wss://tracker.example', 'ftp://tracker.example', 'nonsense', '']
  const { made } = announcer(t, { trackers: [...strange, 'http://127.0.0.1:1/announce', tracker.announce] })
  made.start()
  await waitUntil('the good one answers', () => made.stats().some(({ status }) => status === 'working'))
  await waitUntil(
    'the dead one fails',
    () => made.stats().filter(({ status }) => status === 'failed').length === 5,
  )
  const of = (url: string) => made.stats().find(stats => stats.url === url)?.message
  t.regex(of('wss://tracker.example')!, /WebRTC: use --engine webtorrent/)
  t.regex(of('http://127.0.0.1:1/announce')!, /ECONNREFUSED/)
})

test('A tracker that is named as one on this machine is contacted', async t => {
  const tracker = await startTracker(t, 'udp')
  const { made } = announcer(t, { trackers: [tracker.announce.replace('127.0.0.1', 'localhost')] })
  made.start()
  await waitUntil('it is answered', () => made.stats()[0]?.status === 'working')
  t.pass()
})
