import test, { type ExecutionContext } from 'ava'
import {
  type Bencodable,
  decodeBencode,
  encodeBencode,
  generateIdentity,
  type Identity,
} from '../../../src/core/index.ts'
import { itemTarget } from '../../../src/swarm/discovery/dht-item.ts'
import { PointerKeeper, type SignedPointer, type Swarm, signPointer } from '../../../src/swarm/index.ts'
import { startDhtNode } from '../../kit/dht-node.ts'
import { type RawAnswer, startRawDhtNode } from '../../kit/raw-dht-node.ts'
import { startSwarm } from '../../kit/swarm.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const hashes = Array.from({ length: 10 }, (_, digit) => `${digit}`.repeat(40))
const salt = 'zoo'

function revision(identity: Identity, seq: number, expiresAt?: Date): SignedPointer {
  return signPointer({ infoHash: hashes[seq]!, seq, salt, expiresAt }, identity)
}

const nameOf = ({ publicKey }: Identity) => ({ publicKey, salt })
const targetOf = ({ publicKey }: Identity) => itemTarget({ publicKey, salt: Buffer.from(salt) })

function swarmAt(t: ExecutionContext, ...bootstrap: string[]): Promise<Swarm> {
  return startSwarm(t, { dht: { bootstrap } })
}

/** A pointer as the reply to a `get` carries it. */
function found({ publicKey, seq, value, signature }: SignedPointer): Record<string, Bencodable> {
  return { k: Buffer.from(publicKey, 'hex'), seq, v: decodeBencode(value), sig: signature }
}

test('What one swarm publishes another resolves, and then its next revision', async t => {
  const { address } = await startDhtNode(t)
  const [publisher, follower] = [await swarmAt(t, address), await swarmAt(t, address)]
  const identity = generateIdentity()
  const first = revision(identity, 1, new Date(Date.now() + 60_000))
  t.is(await follower.resolvePointer(nameOf(identity)), undefined)
  t.true((await publisher.publishPointer(first)) > 0)
  t.deepEqual(await follower.resolvePointer(nameOf(identity)), first)
  t.is(await follower.resolvePointer({ publicKey: identity.publicKey, salt: 'other' }), undefined)
  t.true((await publisher.publishPointer(revision(identity, 2))) > 0)
  t.is((await follower.resolvePointer(nameOf(identity)))?.infoHash, hashes[2])
})

test('A pointer below the floor is none, and one at the floor is', async t => {
  const { address } = await startDhtNode(t)
  const swarm = await swarmAt(t, address)
  const identity = generateIdentity()
  await swarm.publishPointer(revision(identity, 3))
  t.is(await swarm.resolvePointer(nameOf(identity), { seqFloor: 4 }), undefined)
  t.is((await swarm.resolvePointer(nameOf(identity), { seqFloor: 3 }))?.seq, 3)
})

test('An expired pointer is neither published nor resolved', async t => {
  const { address, seqOf } = await startDhtNode(t)
  const swarm = await swarmAt(t, address)
  const identity = generateIdentity()
  const expired = revision(identity, 1, new Date(Date.now() - 1_000))
  t.is(await swarm.publishPointer(expired), 0)
  t.is(seqOf(targetOf(identity)), undefined)
  const raw = await startRawDhtNode(t, () => ({ r: { token: 'tk', ...found(expired) } }))
  t.is(await (await swarmAt(t, raw.address)).resolvePointer(nameOf(identity)), undefined)
})

test('What is not signed by its key is not published', async t => {
  const { address } = await startDhtNode(t)
  const swarm = await swarmAt(t, address)
  const good = revision(generateIdentity(), 1)
  await t.throwsAsync(swarm.publishPointer({ ...good, seq: 2 }), { code: 'ERR_BAD_SIGNATURE' })
  await t.throwsAsync(swarm.publishPointer({ ...good, value: new Uint8Array() }), {
    code: 'ERR_INVALID_POINTER',
  })
  await t.throwsAsync(swarm.resolvePointer({ publicKey: 'zoo', salt }), { code: 'ERR_INVALID_POINTER' })
})

test('With the DHT off nothing is published or resolved, and after the end nothing is asked', async t => {
  const swarm = await startSwarm(t, { dht: false })
  const identity = generateIdentity()
  t.is(await swarm.publishPointer(revision(identity, 1)), 0)
  t.is(await swarm.resolvePointer(nameOf(identity)), undefined)
  await swarm.stop()
  await t.throwsAsync(swarm.resolvePointer(nameOf(identity)), { code: 'ERR_STOPPED' })
  await t.throwsAsync(swarm.publishPointer(revision(identity, 1)), { code: 'ERR_STOPPED' })
})

test('A follower keeps a pointer in the DHT when its publisher and the nodes that had it are gone', async t => {
  const first = await startDhtNode(t)
  const [publisher, follower] = [await swarmAt(t, first.address), await swarmAt(t, first.address)]
  const identity = generateIdentity()
  await publisher.publishPointer(revision(identity, 1))
  const pointer = await follower.resolvePointer(nameOf(identity))
  const second = await startDhtNode(t, { bootstrap: [first.address] })
  await publisher.stop()
  const keeper = new PointerKeeper({
    pointers: async () => [pointer!],
    publish: (one, options) => follower.publishPointer(one, options),
    intervalMs: 50,
  })
  t.teardown(() => keeper.stop())
  keeper.start()
  await waitUntil('the node that came later holds it', () => second.seqOf(targetOf(identity)) === 1)
  await first.stop()
  const late = await swarmAt(t, second.address)
  t.deepEqual(await late.resolvePointer(nameOf(identity)), pointer)
})

test('Of several answers the newest good one counts, whatever hostile nodes say', async t => {
  const [identity, stranger] = [generateIdentity(), generateIdentity()]
  const [old, newest] = [revision(identity, 3), revision(identity, 5)]
  const forged = { ...revision(identity, 6), signature: new Uint8Array(64) }
  const otherSalt = signPointer({ infoHash: hashes[8]!, seq: 8, salt: 'other' }, identity)
  const sayings: RawAnswer[] = [
    { r: { token: 'tk', ...found(old) } },
    { r: { token: 'tk', ...found(forged) } },
    { r: { token: 'tk', ...found({ ...newest, seq: 7 }) } },
    { r: { token: 'tk', ...found(revision(stranger, 9)) } },
    { r: { token: 'tk', ...found({ ...revision(stranger, 9), publicKey: identity.publicKey }) } },
    { r: { token: 'tk', ...found(otherSalt) } },
    { r: { token: 'tk', ...found(revision(identity, 9, new Date(1_000))) } },
    { r: { token: 'tk', ...found(newest), v: new Uint8Array(3_000) } },
    { r: { token: 7, v: 'Hello', nodes: 'x', values: 9 } },
    { r: { token: 'tk', v: { ih: 'x' }, k: [], sig: {}, seq: 'x' } },
    Buffer.alloc(60_000, 'd'),
    Buffer.alloc(0),
    Array.from({ length: 50 }, () => crypto.getRandomValues(new Uint8Array(100))),
  ]
  const hostile = await Promise.all(
    sayings.map(said => startRawDhtNode(t, (_, name) => (name === 'get' ? said : { r: {} }))),
  )
  const honest = await startDhtNode(t)
  const publisher = await swarmAt(t, honest.address)
  t.true((await publisher.publishPointer(newest)) > 0)
  const swarm = await swarmAt(t, honest.address, ...hostile.map(({ address }) => address))
  t.deepEqual(await swarm.resolvePointer(nameOf(identity)), newest)
  t.true(hostile.every(({ askers }) => askers.length > 0))
})

test('A node that takes no put fails no other', async t => {
  const refusing = await startRawDhtNode(t, (query, name) => {
    if (name !== 'put') return { r: { token: 'tk' } }
    return encodeBencode({ t: query.get('id')!, y: 'e', e: [201, 'No'] })
  })
  const { address } = await startDhtNode(t)
  const swarm = await swarmAt(t, address, refusing.address)
  t.is(await swarm.publishPointer(revision(generateIdentity(), 1)), 1)
})
