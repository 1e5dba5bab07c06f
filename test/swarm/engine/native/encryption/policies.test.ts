import { connect, createServer } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { EncryptionPolicy } from '../../../../../src/swarm/index.ts'
import { loadEngines, type TestedEngine } from '../../../../kit/engines.ts'
import { facts, fetchInto, serve, startEngine } from '../../../../kit/hostile/victim.ts'
import { makeTorrent } from '../../../../kit/made-torrent.ts'
import { sampleBytes } from '../../../../kit/sample-files.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const [native, webtorrent] = (await loadEngines()) as [TestedEngine, TestedEngine]
const greeting = Buffer.from('\x13BitTorrent protocol', 'latin1')

/** A way to a peer that is listened to. */
async function tapped(t: ExecutionContext, port: number) {
  const heard: { said: Buffer[]; answered: Buffer[] }[] = []
  const server = createServer(near => {
    const connection = { said: [] as Buffer[], answered: [] as Buffer[] }
    heard.push(connection)
    const far = connect(port, '127.0.0.1')
    near.on('data', bytes => connection.said.push(Buffer.from(bytes)))
    far.on('data', bytes => connection.answered.push(Buffer.from(bytes)))
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    t.teardown(() => near.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port: tap } = server.address() as { port: number }
  return {
    address: `127.0.0.1:${tap}`,
    /** All that went over the last connection. */
    said: () => Buffer.concat(heard.at(-1)!.said),
    answered: () => Buffer.concat(heard.at(-1)!.answered),
  }
}

async function exchange(t: ExecutionContext, seeds: Side, leeches: Side) {
  const content = sampleBytes(400_000, t.title)
  const metainfo = makeTorrent('clip.avi', content, 32_768)
  const seed = await startEngine(t, seeds.engine.factory, { encryption: seeds.policy })
  const leech = await startEngine(t, leeches.engine.factory, { encryption: leeches.policy })
  const served = serve(seed, metainfo, content)
  const copy = fetchInto(leech, metainfo)
  const tap = await tapped(t, seed.port)
  copy.torrent.addPeer(tap.address, 'manual')
  await waitUntil('the leech has it all', () => copy.have.isFull, {
    state: () => [facts(copy.torrent), facts(served)],
  })
  t.true(copy.store.content.equals(content))
  const [said, answered] = [tap.said(), tap.answered()]
  return {
    isGreetingSeen: said.indexOf(greeting) >= 0,
    isAnswerSeen: answered.indexOf(greeting) >= 0,
    isContentSeen: answered.indexOf(content.subarray(200_000, 200_064)) >= 0,
    flags: copy.torrent.peers()[0]?.flags ?? '',
  }
}

interface Side {
  readonly engine: TestedEngine
  readonly policy: EncryptionPolicy
}

const sides: readonly (readonly [seed: TestedEngine, leech: TestedEngine])[] = [
  [native, native],
  [native, webtorrent],
  [webtorrent, native],
]

for (const [seed, leech] of sides) {
  const who = `${leech.name} fetching from ${seed.name}`
  for (const [ofSeed, ofLeech] of [
    ['require', 'require'],
    ['require', 'prefer'],
    ['prefer', 'require'],
  ] as const)
    test(`${who}: nothing is seen on the wire where the seed says ${ofSeed}, the leech ${ofLeech}`, async t => {
      const seen = await exchange(t, { engine: seed, policy: ofSeed }, { engine: leech, policy: ofLeech })
      t.false(seen.isGreetingSeen)
      t.false(seen.isAnswerSeen)
      t.false(seen.isContentSeen)
      t.regex(seen.flags, /E/)
    })

  for (const [ofSeed, ofLeech] of [
    ['off', 'off'],
    ['off', 'prefer'],
    ['prefer', 'off'],
  ] as const)
    test(`${who}: they come together in the plain where the seed says ${ofSeed}, the leech ${ofLeech}`, async t => {
      const seen = await exchange(t, { engine: seed, policy: ofSeed }, { engine: leech, policy: ofLeech })
      t.true(seen.isGreetingSeen)
      t.true(seen.isContentSeen)
      t.notRegex(seen.flags, /e/i)
    })
}

for (const seed of [native, webtorrent])
  test(`native fetching from ${seed.name}: it asks in secret where both prefer encryption`, async t => {
    const seen = await exchange(t, { engine: seed, policy: 'prefer' }, { engine: native, policy: 'prefer' })
    t.false(seen.isGreetingSeen)
    t.regex(seen.flags, /e/i)
  })

test('two native ones that prefer encryption leave the content plain', async t => {
  const both: Side = { engine: native, policy: 'prefer' }
  const seen = await exchange(t, both, both)
  t.true(seen.isContentSeen)
  t.regex(seen.flags, /e/)
})
