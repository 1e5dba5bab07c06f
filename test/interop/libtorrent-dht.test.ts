import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { generateIdentity } from '../../src/core/index.ts'
import { DhtNode } from '../../src/swarm/discovery/dht.ts'
import { itemTarget, signedBytes } from '../../src/swarm/discovery/dht-item.ts'
import { signPointer } from '../../src/swarm/index.ts'
import { publishPointer, resolvePointer } from '../../src/swarm/pointer/dht-pointers.ts'
import { startDhtNode } from '../kit/dht-node.ts'
import { requireProgram, systemPython } from '../kit/external.ts'
import { JsonChild } from '../kit/json-child.ts'
import { waitUntil } from '../kit/wait-until.ts'

const script = fileURLToPath(new URL('../kit/peers/libtorrent_dht.py', import.meta.url))
const hex = (text: string) => Buffer.from(text).toString('hex')

/** libtorrent and a plain node, with one of ours that knows both. */
async function threeNodes(t: ExecutionContext) {
  const libtorrent = new JsonChild(t, 'libtorrent', systemPython, [script])
  t.teardown(() => libtorrent.stop())
  const { port } = await libtorrent.ask<{ port: number }>('listen')
  const plain = await startDhtNode(t)
  const address = `127.0.0.1:${port}`
  return { libtorrent, address, plain, ours: ourNode(t, address, plain.address) }
}

function ourNode(t: ExecutionContext, ...bootstrap: string[]): DhtNode {
  const node = new DhtNode({ bootstrap, host: '127.0.0.1' })
  t.teardown(() => node.stop())
  return node
}

test('libtorrent takes a pointer that we put, and gives it to who comes later', async t => {
  if (!requireProgram(t, 'python3-libtorrent')) return
  const { address, plain, ours } = await threeNodes(t)
  const identity = generateIdentity()
  const draft = { infoHash: 'ab'.repeat(20), seq: 41, salt: 'zoo', expiresAt: new Date('2100-01-01') }
  const pointer = signPointer(draft, identity)
  t.is(await publishPointer(ours, pointer), 2)
  await Promise.all([plain.stop(), ours.stop()])
  t.deepEqual(await resolvePointer(ourNode(t, address), pointer), pointer)
})

test('libtorrent finds an item that we put', async t => {
  if (!requireProgram(t, 'python3-libtorrent')) return
  const { libtorrent, ours } = await threeNodes(t)
  const identity = generateIdentity()
  const unsigned = {
    publicKey: identity.publicKey,
    salt: Buffer.from('zoo'),
    seq: 7,
    value: Buffer.from('5:Hello'),
  }
  t.is(await ours.put({ ...unsigned, signature: identity.sign(signedBytes(unsigned)) }), 2)
  t.deepEqual(await libtorrent.ask('get', { key: identity.publicKey, salt: hex('zoo') }), {
    seq: 7,
    value: hex('Hello'),
  })
})

test('We find, keep and verify what libtorrent put', async t => {
  if (!requireProgram(t, 'python3-libtorrent')) return
  const { libtorrent, plain, ours } = await threeNodes(t)
  const identity = generateIdentity()
  const name = { publicKey: identity.publicKey, salt: Buffer.from('zoo') }
  await ours.get(name, () => true)
  const seed = Buffer.from(identity.seed()).toString('hex')
  const put = { seed, key: identity.publicKey, value: hex('Hello'), salt: hex('zoo') }
  await libtorrent.ask('put', put)
  await waitUntil('the plain node holds it', () => plain.seqOf(itemTarget(name)) === 1)
  const values: string[] = []
  await ours.get(name, ({ value }) => values.push(Buffer.from(value).toString()) > 0)
  t.true(values.length > 1)
  t.true(values.every(value => value === '5:Hello'))
})
