import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { promisify } from 'node:util'
import test from 'ava'
import { PortMapping } from '../../../src/swarm/discovery/port-mapping.ts'
import { askRouter, type MappingOrder } from '../../../src/swarm/discovery/port-mapping-thread.ts'
import { FakeClock } from '../../kit/fake-clock.ts'
import { canMakeNamespaces, makeNamespace } from '../../kit/namespace.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const soon = { intervalMs: 1 }

/** A router that agrees or not, and what it was asked. */
function router() {
  const asked: MappingOrder[] = []
  const facts = { agrees: true as boolean | Error }
  return {
    asked,
    facts,
    ask: async (order: MappingOrder) => {
      asked.push(order)
      if (facts.agrees instanceof Error) throw facts.agrees
      return facts.agrees
    },
  }
}

test('A mapping is renewed long before it ends, and taken back at the end', async t => {
  const [{ ask, asked }, clock] = [router(), new FakeClock()]
  const mapping = new PortMapping(6881, { ask, clock })
  mapping.start()
  mapping.start()
  for (let count = 1; count <= 3; count++) {
    const ms = await waitUntil('it waits', () => clock.nextMs, soon)
    t.is(ms, 1_800_000)
    t.true(mapping.isMapped)
    t.is(asked.length, count)
    clock.move(ms)
  }
  await waitUntil('it waits', () => clock.nextMs, soon)
  await mapping.stop()
  await mapping.stop()
  t.is(clock.nextMs, undefined)
  t.deepEqual(
    asked.map(({ port, isToEnd }) => [port, isToEnd]),
    [false, false, false, false, true].map(isToEnd => [6881, isToEnd]),
  )
})

test('A router that refuses or fails is asked again later, and nothing of it is taken back', async t => {
  const [{ ask, asked, facts }, clock] = [router(), new FakeClock()]
  const mapping = new PortMapping(6881, { ask, clock })
  facts.agrees = false
  mapping.start()
  t.is(await waitUntil('it waits', () => clock.nextMs, soon), 900_000)
  facts.agrees = new Error('no such router')
  clock.move(900_000)
  t.is(await waitUntil('it waits', () => clock.nextMs, soon), 900_000)
  t.false(mapping.isMapped)
  await mapping.stop()
  t.is(asked.length, 2)
})

test('A mapping that was never begun ends at once', async t => {
  const { ask, asked } = router()
  const mapping = new PortMapping(6881, { ask })
  await mapping.stop()
  mapping.start()
  t.is(asked.length, 0)
})

const order = { port: 6881, leaseSeconds: 3_600, isToEnd: false }
const worker = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

test('Whatever the thread that asks the router does, the answer is yes or no', async t => {
  const answers: [code: string, answer: boolean][] = [
    ['import { parentPort } from "node:worker_threads"; parentPort.postMessage(true)', true],
    ['import { parentPort } from "node:worker_threads"; parentPort.postMessage({})', false],
    ['throw new Error("rubbish from the network")', false],
    ['setTimeout(() => { throw new Error("later") })', false],
    ['', false],
    ['const all = []; for (;;) all.push(new Array(1e6).fill({}))', false],
  ]
  for (const [code, answer] of answers)
    t.is(await askRouter(order, { timeoutMs: 20_000, workerUrl: worker(code) }), answer, code)
})

test('A thread that does not end is ended, by time or by abort', async t => {
  const workerUrl = worker('for (;;);')
  t.false(await askRouter(order, { timeoutMs: 100, workerUrl }))
  const aborter = new AbortController()
  const asked = askRouter(order, { timeoutMs: 600_000, workerUrl, signal: aborter.signal })
  aborter.abort()
  t.false(await asked)
  t.false(await askRouter(order, { timeoutMs: 1, workerUrl, signal: aborter.signal }))
})

const withRouter = canMakeNamespaces() ? test : test.skip

withRouter('A real router is asked for TCP and UDP, and asked to take them back', async t => {
  const { outside, command } = await makeNamespace(t)
  const asked: number[][] = []
  const gateway = createSocket('udp4')
  gateway.on('message', (datagram, from) => {
    asked.push([datagram[1]!, datagram.readUInt16BE(4), datagram.readUInt32BE(8)])
    const answer = Buffer.alloc(16)
    answer[1] = datagram[1]! + 128
    datagram.copy(answer, 8, 4, 12)
    gateway.send(answer, from.port, from.address)
  })
  gateway.bind(5351, outside)
  await once(gateway, 'listening')
  t.teardown(() => new Promise<void>(resolve => gateway.close(resolve)))
  const thread = new URL('../../../src/swarm/discovery/port-mapping-thread.ts', import.meta.url)
  const code = `const { askRouter } = await import(${JSON.stringify(thread.href)})
    const order = { port: 6881, leaseSeconds: 3600 }
    for (const isToEnd of [false, true])
      console.log(await askRouter({ ...order, isToEnd }, { timeoutMs: 15000 }))`
  const run = promisify(execFile)
  const inside = (parts: string[]) => {
    const [program, ...rest] = command(parts)
    return run(program!, rest)
  }
  await inside(['ip', 'route', 'add', 'default', 'via', outside])
  const { stdout } = await inside([process.execPath, '--input-type=module', '--eval', code])
  t.is(stdout, 'true\ntrue\n')
  t.deepEqual(asked, [
    [2, 6881, 3_600],
    [1, 6881, 3_600],
    [2, 6881, 0],
    [1, 6881, 0],
  ])
})
