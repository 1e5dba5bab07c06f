import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { type BencodeDict, decodeBencode, encodeBencode, generateIdentity } from '../../../src/core/index.ts'
import { DhtNode } from '../../../src/swarm/discovery/dht.ts'
import { isSigned, itemTarget, type MutableItem, signedBytes } from '../../../src/swarm/discovery/dht-item.ts'
import { decodeNodes, encodeNodes } from '../../../src/swarm/discovery/dht-nodes-file.ts'
import { startDhtNode } from '../../kit/dht-node.ts'
import { type RawAnswer, type RawDhtNode, startRawDhtNode } from '../../kit/raw-dht-node.ts'
import { temporaryFolder } from '../../kit/temp-folder.ts'
import { waitUntil } from '../../kit/wait-until.ts'

// Not sorted, a key that is no text, and one that means something to JavaScript: a re-encoding would not be the same.
const awkward = Buffer.from('d1:b1:x9:__proto__de1:\xffi5e1:ali1eee', 'latin1')

function node(t: ExecutionContext, ...bootstrap: string[]): DhtNode {
  const dht = new DhtNode({ bootstrap, host: '127.0.0.1' })
  t.teardown(() => dht.stop())
  return dht
}

function item({
  seq = 1,
  salt = '',
  value = awkward as Uint8Array,
  identity = generateIdentity(),
} = {}): MutableItem {
  const unsigned = { publicKey: identity.publicKey, salt: Buffer.from(salt), seq, value }
  return { ...unsigned, signature: identity.sign(signedBytes(unsigned)) }
}

async function find(dht: DhtNode, name: MutableItem): Promise<MutableItem | undefined> {
  const found: MutableItem[] = []
  await dht.get(name, one => isSigned(one) && found.push(one) > 0)
  return found.toSorted((one, other) => one.seq - other.seq).at(-1)
}

const plain = ({ publicKey, salt, seq, value, signature }: MutableItem) => ({
  publicKey,
  salt: Buffer.from(salt).toString(),
  seq,
  value: Buffer.from(value),
  signature: Buffer.from(signature),
})

/** The fields of a put or of what is found, as they travel. */
const fields = ({ publicKey, salt, seq, value, signature }: MutableItem) => ({
  k: Buffer.from(publicKey, 'hex'),
  ...(salt.length > 0 ? { salt } : {}),
  seq,
  v: decodeBencode(value),
  sig: signature,
})

/** A node of ours with its port, which is found out by a raw node that it starts from. */
async function known(t: ExecutionContext): Promise<{ dht: DhtNode; raw: RawDhtNode; port: number }> {
  const raw = await startRawDhtNode(t, () => ({ r: {} }))
  const dht = node(t, raw.address)
  await find(dht, item())
  return { dht, raw, port: raw.askers[0]!.port }
}

for (const salt of ['', 'zoo'])
  test(`What one node puts with the salt "${salt}" another gets, byte for byte`, async t => {
    const { address, seqOf } = await startDhtNode(t)
    const [one, other] = [node(t, address), node(t, address)]
    const sent = item({ salt, value: encodeBytes(1_000) })
    t.true((await one.put(sent)) > 0)
    t.is(seqOf(itemTarget(sent)), 1)
    t.deepEqual(plain((await find(other, sent))!), plain(sent))
    t.is(await find(other, item()), undefined)
  })

function encodeBytes(length: number): Buffer {
  return Buffer.from(encodeBencode(new Uint8Array(length - 4)))
}

test('Nodes of ours keep for each other what a re-encoding would change', async t => {
  const { dht, raw, port } = await known(t)
  const sent = item({ salt: 'zoo' })
  const middle = node(t, `localhost:${port}`)
  t.is(await middle.put(sent), 1)
  t.deepEqual(plain((await find(dht, sent))!), plain(sent))
  const reply = (await raw.ask('get', { target: itemTarget(sent) }, port)).get('r') as BencodeDict
  t.deepEqual(Buffer.from(reply.rawOf('v')!), awkward)
})

test('A node keeps the newest that is signed, and says so to who puts it again', async t => {
  const { dht, raw, port } = await known(t)
  const identity = generateIdentity()
  const [old, current] = [4, 5].map(seq => item({ seq, identity })) as [MutableItem, MutableItem]
  const target = itemTarget(current)
  const asked = (await raw.ask('get', { target }, port)).get('r') as BencodeDict
  const token = asked.get('token')!
  const kindOf = async (put: object) => {
    const reply = await raw.ask('put', { token, ...put }, port)
    return reply.get('e') ? [...(reply.get('e') as Iterable<unknown>)][0] : 'taken'
  }
  t.is(await kindOf(fields(current)), 'taken')
  t.is(await kindOf(fields(current)), 'taken', 'again')
  t.is(await kindOf({ ...fields(current), token: 'forged' }), 203)
  t.is(await kindOf(fields(old)), 302)
  void raw.ask('put', { token, ...fields({ ...current, seq: 6 }) }, port)
  void raw.ask(
    'put',
    { token, ...fields({ ...item({ identity, seq: 7 }), signature: new Uint8Array(64) }) },
    port,
  )
  t.is(((await raw.ask('get', { target }, port)).get('r') as BencodeDict).get('seq'), 5)
  t.is((await find(dht, current))?.seq, 5)
})

test('What is older than what was once seen is neither handed out, kept nor sent', async t => {
  const identity = generateIdentity()
  const [old, current] = [4, 5].map(seq => item({ seq, identity })) as [MutableItem, MutableItem]
  let shown = current
  const raw = await startRawDhtNode(t, () => ({ r: { token: 'tk', ...fields(shown) } }))
  const dht = node(t, raw.address)
  t.is((await find(dht, current))?.seq, 5)
  shown = old
  t.is(await find(dht, old), undefined)
  t.is(await dht.put(old), 0)
  const { port } = raw.askers[0]!
  const asked = (await raw.ask('get', { target: itemTarget(old) }, port)).get('r') as BencodeDict
  void raw.ask('put', { token: asked.get('token')!, ...fields(old) }, port)
  const again = (await raw.ask('get', { target: itemTarget(old) }, port)).get('r') as BencodeDict
  t.is(again.get('v'), undefined)
})

test('An item that is not signed goes nowhere', async t => {
  const { address, seqOf } = await startDhtNode(t)
  const forged = { ...item(), seq: 2 }
  t.is(await node(t, address).put(forged), 0)
  t.is(seqOf(itemTarget(forged)), undefined)
})

test('Rubbish, and answers that nobody asked for, are counted and change nothing', async t => {
  const { dht, raw, port } = await known(t)
  const before = dht.dropped
  const unasked = encodeBencode({
    t: Buffer.from([0, 1]),
    y: 'r',
    r: { id: raw.id, nodes: new Uint8Array(26) },
  })
  const rubbish = [
    Buffer.alloc(0),
    Buffer.from('d'),
    Buffer.from('i1e'),
    Buffer.from('d1:y1:qe'),
    Buffer.from('d1:t2:aa1:y1:q1:q3:get1:ade'),
    Buffer.from('l'.repeat(2_000)),
    Buffer.from('d1:ad2:id99999999999:'),
    Buffer.alloc(9_000, 'x'),
    unasked,
  ]
  for (const datagram of rubbish) raw.send(datagram, port)
  await waitUntil('all is counted', () => dht.dropped === before + rubbish.length)
  const pong = (await raw.ask('ping', {}, port)).get('r') as BencodeDict
  t.is((pong.get('id') as Uint8Array).length, 20)
})

test('A flood of queries from one address is answered in part', async t => {
  const { dht, raw, port } = await known(t)
  const ping = encodeBencode({ t: 'aa', y: 'q', q: 'ping', a: { id: raw.id } })
  for (let count = 0; count < 400; count++) raw.send(ping, port)
  await waitUntil('some are dropped', () => dht.dropped > 0)
  await waitUntil('it answers again', async () => {
    const quiet = new Promise(resolve => setTimeout(resolve, 200))
    return Promise.race([raw.ask('ping', {}, port), quiet])
  })
  t.pass()
})

test('Where no node answers, a look-up is back within seconds', async t => {
  const silent = await startRawDhtNode(t)
  const begun = performance.now()
  t.is(await find(node(t, silent.address), item()), undefined)
  t.is(await node(t).put(item()), 0)
  t.is(await find(node(t, 'nonsense', ':', '127.0.0.1:0', '127.0.0.1:65536'), item()), undefined)
  t.true(performance.now() - begun < 12_000)
})

test('Stopping ends what is under way, and aborting leaves it', async t => {
  const silent = await startRawDhtNode(t)
  const dht = node(t, silent.address)
  const reason = new Error('enough')
  const aborter = new AbortController()
  const aborted = dht.get(item(), () => true, { signal: aborter.signal })
  const asking = [find(dht, item()), dht.put(item())]
  await waitUntil('it asks', () => silent.askers.length > 0)
  aborter.abort(reason)
  t.is(await t.throwsAsync(aborted), reason)
  await dht.stop()
  t.deepEqual(await Promise.all(asking), [undefined, 0])
  t.is(await find(dht, item()), undefined)
  await dht.stop()
})

test('Who is announced is found by others, once each, without being announced anew', async t => {
  const { address, announces } = await startDhtNode(t)
  const [one, other] = [node(t, address), node(t, address)]
  const infoHash = 'c2'.repeat(20)
  await one.findPeers(infoHash, () => t.fail())
  t.is(await one.announcePeer(infoHash, 6881), 1)
  t.is(announces(), 1)
  const found: string[] = []
  await other.findPeers(infoHash, peer => found.push(peer))
  t.deepEqual(found, ['127.0.0.1:6881'])
  t.is(await other.countPeers('c3'.repeat(20)), 0)
  t.true(other.nodes > 0)
})

test('Two walks towards one torrent both learn of its peers, and one that is aborted of no more', async t => {
  const infoHash = 'c4'.repeat(20)
  const raw = await startRawDhtNode(
    t,
    (_, name): RawAnswer =>
      name === 'get_peers'
        ? { r: { token: 'token', values: [Buffer.from([192, 0, 2, 1, 0, 1])] } }
        : { r: {} },
  )
  const dht = node(t, raw.address)
  t.deepEqual(await Promise.all([dht.countPeers(infoHash), dht.countPeers(infoHash)]), [1, 1])
  const aborter = new AbortController()
  const reason = new Error('enough')
  const walk = dht.findPeers(infoHash, () => t.fail(), { signal: aborter.signal })
  aborter.abort(reason)
  t.is(await t.throwsAsync(walk), reason)
  t.is(await dht.countPeers(infoHash), 1)
})

test('The port that is wished for is bound, and any other where it is taken', async t => {
  const { address } = await startDhtNode(t)
  const first = node(t, address)
  await first.countPeers('c5'.repeat(20))
  t.true(first.port > 0)
  const init = { bootstrap: [address], host: '127.0.0.1', port: () => first.port }
  const second = new DhtNode(init)
  t.teardown(() => second.stop())
  await second.countPeers('c5'.repeat(20))
  t.true(second.port > 0)
  t.not(second.port, first.port)
  const wished = first.port
  await first.stop()
  const third = new DhtNode({ ...init, port: () => wished })
  t.teardown(() => third.stop())
  await third.countPeers('c5'.repeat(20))
  t.is(third.port, wished)
})

test('A node that starts again knows the others by itself, under the id that they know it by', async t => {
  const nodesFile = join(await temporaryFolder(t), 'state', 'dht-nodes')
  const infoHash = 'c6'.repeat(20)
  const ids: string[] = []
  const raw = await startRawDhtNode(t, query => {
    ids.push(Buffer.from(query.get('id') as Uint8Array).toString('hex'))
    return { r: {} }
  })
  const init = { host: '127.0.0.1', nodesFile }
  const first = new DhtNode({ ...init, bootstrap: [raw.address] })
  await first.countPeers(infoHash)
  await first.stop()
  const asked = ids.length
  t.true(asked > 0)
  const again = new DhtNode({ ...init, bootstrap: [] })
  t.teardown(() => again.stop())
  await again.countPeers(infoHash)
  t.true(ids.length > asked)
  t.is(new Set(ids).size, 1)
})

test('A file of nodes that is damaged, or of nodes that are away, hinders no start', async t => {
  const nodesFile = join(await temporaryFolder(t), 'dht-nodes')
  const { address } = await startDhtNode(t)
  const infoHash = 'c7'.repeat(20)
  const away = Array.from({ length: 64 }, (_, index) => ({
    id: randomBytes(20),
    host: '127.0.0.1',
    port: index + 1,
  }))
  const contents = [Buffer.from('rubbish'), encodeNodes({ id: randomBytes(20), nodes: away })]
  for (const content of contents) {
    await writeFile(nodesFile, content)
    const dht = new DhtNode({ bootstrap: [address], host: '127.0.0.1', nodesFile })
    t.teardown(() => dht.stop())
    await waitUntil('it is announced', async () => (await dht.announcePeer(infoHash, 6881)) > 0)
    await dht.stop()
    t.is(decodeNodes(await readFile(nodesFile))?.nodes[0]?.port, Number(address.split(':')[1]))
  }
})

test('The peers of a torrent are counted once each, however many nodes tell of them', async t => {
  const infoHash = 'c1'.repeat(20)
  const compact = (port: number) => Buffer.from([192, 0, 2, 1, port >> 8, port & 0xff])
  const answers =
    (ports: number[]) =>
    (_: BencodeDict, name: string): RawAnswer =>
      name === 'get_peers' ? { r: { token: 'token', values: ports.map(compact) } } : { r: {} }
  const one = await startRawDhtNode(t, answers([1, 2, 3]))
  const other = await startRawDhtNode(t, answers([3, 4]))
  t.is(await node(t, one.address, other.address).countPeers(infoHash), 4)
  t.is(await node(t, (await startRawDhtNode(t, answers([]))).address).countPeers(infoHash), 0)
})
