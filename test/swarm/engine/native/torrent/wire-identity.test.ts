import test from 'ava'
import { WireIdentity } from '../../../../../src/swarm/engine/native/torrent/wire-identity.ts'
import { readHandshake } from '../../../../../src/swarm/engine/native/wire/handshake.ts'

const v1 = '11'.repeat(20)
const v2 = '22'.repeat(32)
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

/** The hash of a handshake, and whether it says that we speak v2. */
const said = (bytes: Buffer) => {
  const { infoHash, hasV2 } = readHandshake(bytes)!
  return [hex(infoHash), hasV2]
}

test('a v1 torrent goes by its hash alone and says nothing of v2', t => {
  const identity = new WireIdentity(v1, undefined)
  t.deepEqual([...identity.hashes], [v1])
  const { bytes, infoHash, upgraded } = identity.greeting()
  t.deepEqual(said(bytes), [v1, false])
  t.deepEqual([hex(infoHash), upgraded], [v1, undefined])
})

test('a v2 torrent goes by the first 20 bytes of its hash', t => {
  const identity = new WireIdentity(v2, undefined)
  t.deepEqual([...identity.hashes], [v2.slice(0, 40)])
  t.deepEqual(said(identity.greeting().bytes), [v2.slice(0, 40), true])
})

test('a hybrid goes by both, greets by v1, and may be answered by v2', t => {
  const identity = new WireIdentity(v1, v2)
  t.deepEqual([...identity.hashes], [v1, v2.slice(0, 40)])
  const { bytes, infoHash, upgraded } = identity.greeting()
  t.deepEqual(said(bytes), [v1, true])
  t.deepEqual([hex(infoHash), hex(upgraded)], [v1, v2.slice(0, 40)])
})

test('who speaks v2 is answered by it only once it is known that both are the same torrent', t => {
  const identity = new WireIdentity(v1, undefined)
  t.deepEqual(said(identity.answer(v1, true)), [v1, false])
  t.true(identity.add(v1, v2))
  t.false(identity.add(v1, v2))
  t.deepEqual(said(identity.answer(v1, true)), [v1, true])
  identity.upgradeTo(v2)
  t.deepEqual(said(identity.answer(v1, true)), [v2.slice(0, 40), true])
  t.deepEqual(said(identity.answer(v1, false)), [v1, true])
})

test('each torrent has a peer id of its own that names the program', t => {
  const ids = [new WireIdentity(v1, undefined), new WireIdentity(v1, undefined)].map(({ peerId }) => peerId)
  t.true(ids.every(id => id.length === 20 && id.toString('latin1').startsWith('-PS')))
  t.notDeepEqual(ids[0], ids[1])
})
