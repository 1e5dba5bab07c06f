import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { loadNative } from '../kit/engines.ts'
import { say } from '../kit/hostile/speech.ts'
import { startVictim } from '../kit/hostile/victim.ts'
import { waitUntil } from '../kit/wait-until.ts'

const native = await loadNative()

/** Listens on every loopback address and notes which of them were dialled; nobody answers there. */
async function startCrowd(t: ExecutionContext) {
  const dialled = new Set<string>()
  let open = 0
  let most = 0
  const server = createServer(socket => {
    dialled.add(socket.localAddress ?? '')
    most = Math.max(most, ++open)
    socket.on('error', () => {})
    socket.once('close', () => open--)
    socket.destroy()
  }).listen(0, '0.0.0.0')
  await once(server, 'listening')
  t.teardown(() => void server.close())
  return { port: (server.address() as AddressInfo).port, dialled, most: () => most }
}

/** Compact addresses 127.x.y.1, all at one port. */
function compact(first: number, count: number, port: number): Buffer {
  const bytes = Buffer.alloc(count * 6)
  for (let index = 0; index < count; index++) {
    const host = first + index
    bytes.set([127, 100 + (host >> 8), host & 255, 1, port >> 8, port & 255], index * 6)
  }
  return bytes
}

test(`${native.name}: addresses that a peer names are tried, of one message no more than a hundred`, async t => {
  const crowd = await startCrowd(t)
  const victim = await startVictim(t, native.factory, { init: { pex: true } })
  const peer = await victim.greet()
  const [ours] = [await idOf(peer, 'ut_pex')]
  peer.say(say.extended(ours, { added: compact(0, 5_000, crowd.port), 'added.f': Buffer.alloc(5_000) }))
  await waitUntil('somebody was tried', () => crowd.dialled.size > 0)
  await victim.survives()
  t.true(crowd.dialled.size <= 100, `${crowd.dialled.size} addresses were dialled`)
})

test(`${native.name}: a flood of addresses has no more than a thousand of them tried`, async t => {
  const crowd = await startCrowd(t)
  const victim = await startVictim(t, native.factory, { init: { pex: true } })
  const peers = await Promise.all(Array.from({ length: 20 }, () => victim.greet().catch(() => undefined)))
  let named = 0
  for (const peer of peers) {
    const ours = peer && (await idOf(peer, 'ut_pex').catch(() => undefined))
    if (!peer || ours === undefined) continue
    for (let message = 0; message < 10; message++, named += 100)
      peer.say(say.extended(ours, { added: compact(named, 100, crowd.port) }))
  }
  t.true(named >= 1_000, 'enough was named')
  await victim.survives()
  t.true(crowd.dialled.size <= 1_000, `${crowd.dialled.size} of ${named} addresses were dialled`)
})

test(`${native.name}: addresses in messages without a right to it are not tried`, async t => {
  const crowd = await startCrowd(t)
  const victim = await startVictim(t, native.factory, { init: { pex: false } })
  const peer = await victim.greet()
  for (let id = 1; id < 10; id++) peer.say(say.extended(id, { added: compact(id * 10, 10, crowd.port) }))
  await victim.survives()
  t.is(crowd.dialled.size, 0)
})

/** What the other side wants an extension called, by its handshake of BEP 10. */
async function idOf(peer: { next(id: number): Promise<Buffer> }, name: string): Promise<number> {
  const body = await peer.next(20)
  const found = new RegExp(`${name.length}:${name}i(\\d+)e`).exec(body.toString('latin1'))
  return found ? Number(found[1]) : 2
}
