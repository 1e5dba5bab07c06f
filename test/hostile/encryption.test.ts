import { createHash, randomBytes } from 'node:crypto'
import test from 'ava'
import { loadNative } from '../kit/engines.ts'
import { listenRaw, RawPeer } from '../kit/hostile/raw-peer.ts'
import { hello } from '../kit/hostile/speech.ts'
import { startVictim, type Victim } from '../kit/hostile/victim.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()
const keyLength = 96

/** What stands where the key of MSE, the pads and all after it should. */
const nonsense: Record<string, (victim: Victim) => Uint8Array> = {
  'a key and nothing more': () => randomBytes(keyLength),
  'half a key': () => randomBytes(50),
  'the key zero': () => Buffer.concat([Buffer.alloc(keyLength), randomBytes(600)]),
  'the key one': () => Buffer.concat([Buffer.alloc(keyLength - 1), Buffer.from([1]), randomBytes(600)]),
  'a key past the modulus': () => Buffer.concat([Buffer.alloc(keyLength, 0xff), randomBytes(600)]),
  'a key and the longest pad': () => randomBytes(keyLength + 512),
  'a key and 100 kB of noise': () => randomBytes(keyLength + 100_000),
  'a key and a handshake in the plain': ({ metainfo }) =>
    Buffer.concat([randomBytes(keyLength), hello({ infoHash: metainfo.infoHash! })]),
  'a key and the marks of other secrets': ({ metainfo }) =>
    Buffer.concat([
      randomBytes(keyLength),
      createHash('sha1').update('req1').update(Buffer.alloc(keyLength)).digest(),
      createHash('sha1').update('req2').update(Buffer.from(metainfo.infoHash!, 'hex')).digest(),
      randomBytes(500),
    ]),
}

for (const encryption of ['prefer', 'require'] as const) {
  for (const [what, bytes] of Object.entries(nonsense)) {
    test(`${native.name}: who begins with ${what} does no harm where encryption is ${encryption}`, async t => {
      const victim = await startVictim(t, native.factory, { init: { encryption } })
      const peer = await RawPeer.dial(t, victim.address)
      await peer.sayAll(bytes(victim))
      await victim.survives()
    })

    test(`${native.name}: who answers with ${what} does no harm where encryption is ${encryption}`, async t => {
      const victim = await startVictim(t, native.factory, { init: { encryption } })
      const met = Promise.withResolvers<RawPeer>()
      victim.torrent.addPeer(await listenRaw(t, met.resolve), 'manual')
      const peer = await met.promise
      await peer.sayAll(bytes(victim))
      await victim.survives()
    })
  }

  test(`${native.name}: an echo does no harm where encryption is ${encryption}`, async t => {
    const victim = await startVictim(t, native.factory, { init: { encryption } })
    let echoed = 0
    const address = await listenRaw(t, ({ socket }) => {
      socket.removeAllListeners('data')
      socket.on('data', bytes => {
        echoed += bytes.length
        socket.write(bytes)
      })
    })
    victim.torrent.addPeer(address, 'manual')
    await waitUntil('something was echoed', () => echoed > 0)
    await victim.survives()
  })
}

test(`${native.name}: where encryption is required no plain handshake is answered, nor sent`, async t => {
  const victim = await startVictim(t, native.factory, { init: { encryption: 'require' } })
  const plain = await RawPeer.dial(t, victim.address)
  plain.say(hello({ infoHash: victim.metainfo.infoHash! }))
  await plain.ended
  t.is(plain.bytesHeard, 0)
  let isPlain = false
  const address = await listenRaw(t, peer => {
    peer.hello.then(
      () => {
        isPlain = true
      },
      () => {},
    )
  })
  victim.torrent.addPeer(address, 'manual')
  await victim.survives()
  t.false(isPlain)
})
