import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { DialClient } from '../../../../../src/swarm/engine/native/connection/dialer.ts'
import type { EngineShared } from '../../../../../src/swarm/engine/native/torrent/engine-shared.ts'
import { TorrentDiscovery } from '../../../../../src/swarm/engine/native/torrent/torrent-discovery.ts'
import { WireIdentity } from '../../../../../src/swarm/engine/native/torrent/wire-identity.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const infoHash = '1'.repeat(40)
const infoHashV2 = '2'.repeat(64)

/** A tracker that notes which events it heard of which torrent, and lets `stopped` wait for its answer. */
async function startTracker(t: ExecutionContext) {
  const heard: string[] = []
  const held: (() => void)[] = []
  let isHolding = false
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://tracker').search
    const event = /event=(\w+)/.exec(query)?.[1] ?? 'update'
    const answer = () => {
      heard.push(`${event} ${query.includes('%11%11') ? 'v1' : 'v2'}`)
      response.end('d8:intervali1800e5:peers0:e')
    }
    if (event === 'stopped' && isHolding) held.push(answer)
    else answer()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => void server.close().closeAllConnections())
  return {
    heard,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`,
    hold: () => {
      isHolding = true
    },
    letGo: () => {
      isHolding = false
      for (const answer of held.splice(0)) answer()
    },
    held,
  }
}

async function start(t: ExecutionContext) {
  const tracker = await startTracker(t)
  const inDht = new Set<string>()
  const identity = new WireIdentity(infoHash, undefined)
  const hosts: string[] = []
  const dialer = {
    want: (client: DialClient<unknown>) => {
      for (let found = client.next(); found; found = client.next()) hosts.push(found.host)
    },
    forget: () => {},
  }
  const shared = {
    dialer,
    port: () => 6881,
    trackerKey: 7,
    isBanned: () => false,
    dht: { add: (hash: string) => inDht.add(hash), remove: (hash: string) => inDht.delete(hash) },
  } as unknown as EngineShared
  const discovery = new TorrentDiscovery(shared, {
    joined: { infoHash, trackers: [tracker.url], peers: [], isPrivate: false },
    identity,
    room: 50,
    isSeeding: false,
    accept: () => false,
    uploadedBytes: 0,
    downloadedBytes: 0,
    leftBytes: 5,
  })
  t.teardown(() => discovery.stop())
  const isKnown = () => waitUntil('the tracker is known', () => discovery.trackers()[0]?.status === 'working')
  return { tracker, inDht, identity, discovery, isKnown, dialled: () => hosts }
}

test('who is paused has left its trackers and the DHT, and is met there again once it goes on', async t => {
  const { tracker, inDht, discovery, isKnown } = await start(t)
  discovery.start(false)
  await isKnown()
  t.deepEqual([...inDht], [infoHash])
  discovery.pause()
  t.is(inDht.size, 0)
  await waitUntil('it has left', () => tracker.heard.length === 2)
  t.is(discovery.trackers()[0]?.status, 'working', 'what was last heard is still told')
  discovery.resume()
  t.deepEqual([...inDht], [infoHash])
  await waitUntil('it is back', () => tracker.heard.length === 3)
  t.deepEqual(tracker.heard, ['started v1', 'stopped v1', 'started v1'])
})

test('started is not said before the stopped of a moment ago has been heard', async t => {
  const { tracker, discovery, isKnown } = await start(t)
  discovery.start(false)
  await isKnown()
  tracker.hold()
  discovery.pause()
  discovery.resume()
  discovery.pause()
  discovery.resume()
  await waitUntil('stopped is on its way', () => tracker.held.length === 1)
  t.deepEqual(tracker.heard, ['started v1'])
  tracker.letGo()
  await waitUntil('it is back', () => tracker.heard.length === 3)
  t.deepEqual(tracker.heard, ['started v1', 'stopped v1', 'started v1'])
  await isKnown()
  await discovery.stop()
  t.is(tracker.heard.at(-1), 'stopped v1')
  t.is(tracker.heard.length, 4)
})

test('a hash that comes to light while it is paused is told of afterwards only', async t => {
  const { tracker, inDht, identity, discovery, isKnown } = await start(t)
  discovery.start(false)
  await isKnown()
  discovery.pause()
  identity.add(infoHash, infoHashV2)
  discovery.begin(false)
  t.is(inDht.size, 0)
  await waitUntil('it has left', () => tracker.heard.length === 2)
  discovery.resume()
  await waitUntil('both are told of', () => tracker.heard.length === 4)
  t.deepEqual(tracker.heard.slice(2).sort(), ['started v1', 'started v2'])
  t.is(inDht.size, 2)
})

test('a torrent that turns out to be private leaves the DHT for good', async t => {
  const { inDht, discovery } = await start(t)
  discovery.start(false)
  t.is(inDht.size, 1)
  discovery.begin(true)
  t.is(inDht.size, 0)
  discovery.pause()
  discovery.resume()
  t.is(inDht.size, 0)
})

test('what has stopped while it was paused is not told of again', async t => {
  const { tracker, discovery, isKnown } = await start(t)
  discovery.start(false)
  await isKnown()
  tracker.hold()
  discovery.pause()
  discovery.resume()
  const stopped = discovery.stop()
  await waitUntil('stopped is on its way', () => tracker.held.length === 1)
  tracker.letGo()
  await stopped
  t.deepEqual(tracker.heard, ['started v1', 'stopped v1'])
})

test('of a torrent that turns out to be private nobody is dialled whom its trackers, or a person, did not name', async t => {
  const { discovery, dialled } = await start(t)
  discovery.start(false)
  discovery.begin(true)
  discovery.found(['10.0.0.1:1'], 'dht')
  discovery.found(['10.0.0.2:1'], 'pex')
  discovery.found(['10.0.0.3:1'], 'lsd')
  t.deepEqual(dialled(), [])
  discovery.found(['10.0.0.4:1'], 'tracker')
  discovery.found(['10.0.0.5:1'], 'manual')
  t.deepEqual(dialled(), ['10.0.0.4', '10.0.0.5'])
})
