import test, { type ExecutionContext } from 'ava'
import { type Box, boxLog } from '../../../src/box/index.ts'
import { startBox } from '../../kit/box.ts'

/** A box of which a part throws what it should not; answers what the log says of it once it is stopped. */
async function open(t: ExecutionContext) {
  const started = await startBox(t)
  const { box, home } = started
  const fail = (how: (box: Box) => object, method: string) =>
    Object.defineProperty(how(box), method, {
      value: () => {
        throw new TypeError(`nobody thought of this, nor of ${box.token.value}`)
      },
    })
  const logged = async () => {
    await box.stop()
    return (await boxLog(home).tail(100)).filter(line => line.includes('nobody thought of this'))
  }
  return { ...started, fail, logged }
}

test('a fault of the program is told of once in the log, with its place and without secrets, and not to who asked', async t => {
  const { box, ask, fail, logged } = await open(t)
  fail(({ desk }) => desk, 'status')
  const answer = await ask('/api/v1/status')
  t.is(answer.status, 500)
  t.is(answer.headers.get('content-type'), 'application/problem+json')
  t.deepEqual(await answer.json(), {
    ...{ type: 'about:blank', title: 'Internal Server Error', status: 500 },
    detail: 'Something went wrong here.',
  })
  const lines = await logged()
  t.is(lines.length, 1)
  t.regex(lines[0]!, /GET \/api\/v1\/status failed: TypeError: .*faults\.test\.ts:\d+/)
  t.false(lines[0]!.includes(box.token.value))
})

test('so is one that a call of the RPC runs into, and one of work that nobody waits for', async t => {
  const { ask, fail, logged } = await open(t)
  fail(({ swarm }) => swarm, 'stats')
  fail(({ swarm }) => swarm, 'create')
  const first = await ask('/transmission/rpc', { method: 'POST' })
  const id = first.headers.get('x-transmission-session-id')!
  const headers = { 'x-transmission-session-id': id }
  const call = { method: 'POST', headers, body: '{"method":"session-stats"}' }
  t.is(
    ((await (await ask('/transmission/rpc', call)).json()) as { result: string }).result,
    'something went wrong here',
  )
  const json = { 'content-type': 'application/json', prefer: 'respond-async' }
  const body = JSON.stringify({ paths: ['/nowhere'] })
  t.is((await ask('/api/v1/shares', { method: 'POST', headers: json, body })).status, 202)
  t.is((await ask('/api/v1/works/1', { headers: { prefer: 'wait=20' } })).status, 200)
  const lines = await logged()
  t.is(lines.length, 2)
  t.regex(lines[0]!, /session-stats failed: .*\.test\.ts:\d+/)
  t.regex(lines[1]!, /Work 1 \(share\) failed: .*\.test\.ts:\d+/)
})

test('what the box only met is no fault, nor is a body that ends with its connection', async t => {
  const { box, ask, problems } = await startBox(t)
  t.is((await ask('/api/v1/transfers/nosuch')).status, 404)
  for (const [path, method] of [
    ['/uploads/zoo/clip.avi', 'PUT'],
    ['/shares', 'POST'],
  ] as const) {
    const gone = new AbortController()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        if (sent++ < 3) controller.enqueue(new Uint8Array(1_000))
        else gone.abort()
      },
    })
    const headers = { 'content-type': 'application/json' }
    const init = { method, body, headers, signal: gone.signal, duplex: 'half' } as RequestInit
    await t.throwsAsync(ask(`/api/v1${path}`, init))
  }
  await box.stop()
  t.deepEqual(problems, [])
})
