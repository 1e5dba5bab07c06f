import { setTimeout as delay } from 'node:timers/promises'
import test from 'ava'
import { loadNative } from '../kit/engines.ts'
import { type RawSeedInit, startRawSeed } from '../kit/hostile/raw-seed.ts'
import { message, numbers, say } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()

type Dawdler = Pick<RawSeedInit, 'block' | 'unchokes' | 'onPeer'>

const dawdlers: Record<string, () => Dawdler> = {
  'answers nothing': () => ({ block: () => undefined }),
  'never lets anybody ask': () => ({ unchokes: false }),
  'answers all but one block': () => ({
    block: (piece, begin, block) => (piece === 5 && begin === 0 ? undefined : block),
  }),
  'falls silent in the middle of a block': () => ({
    block: () => undefined,
    onPeer: peer => {
      void peer
        .next(6)
        .then(() => peer.say(numbers(9 + 16_384), message(7, numbers(1, 0)).subarray(4), Buffer.alloc(100)))
    },
  }),
  'lets ask and takes it back, again and again': () => ({
    block: () => undefined,
    onPeer: peer => {
      void (async () => {
        while (!peer.isOver) {
          peer.say(say.unchoke, say.choke)
          await delay(5)
        }
      })()
    },
  }),
  'rejects whatever it is asked for': () => ({
    block: () => undefined,
    onPeer: peer => {
      void (async () => {
        for (;;) peer.say(message(16, await peer.next(6)))
      })().catch(() => {})
    },
  }),
}

for (const [what, dawdler] of Object.entries(dawdlers))
  test(`${native.name}: a seed that ${what} does not hold up an honest one`, async t => {
    const victim = await startVictim(t, native.factory, { holds: () => false })
    const seed = await startRawSeed(t, { metainfo: victim.metainfo, content: victim.content, ...dawdler() })
    victim.torrent.addPeer(seed.address, 'manual')
    await waitUntil('it was met', () => seed.peers.length > 0)
    if (what !== 'never lets anybody ask')
      await waitUntil('it was asked', () => seed.requests() > 0 || seed.peers[0]!.bytesHeard > 80)
    const started = performance.now()
    await victim.survives()
    t.true(performance.now() - started < 20_000, `${performance.now() - started} ms`)
  })

test(`${native.name}: twenty seeds that answer nothing do not hold up an honest one`, async t => {
  const victim = await startVictim(t, native.factory, { holds: () => false })
  const { metainfo, content } = victim
  for (let host = 2; host < 22; host++) {
    const seed = await startRawSeed(t, { metainfo, content, host: `127.0.0.${host}`, block: () => undefined })
    victim.torrent.addPeer(seed.address, 'manual')
  }
  await waitUntil('all are there', () => victim.torrent.peers().length === 20)
  const started = performance.now()
  await victim.survives()
  t.true(performance.now() - started < 20_000, `${performance.now() - started} ms`)
})

test(`${native.name}: what two seeds were asked for at the end is taken back from the slower one`, async t => {
  const victim = await startVictim(t, native.factory, { holds: piece => piece !== 7 })
  const { metainfo, content } = victim
  const seed = await startRawSeed(t, { metainfo, content, block: () => undefined })
  victim.torrent.addPeer(seed.address, 'manual')
  await waitUntil('it was asked', () => seed.requests() > 0)
  await victim.survives()
})
