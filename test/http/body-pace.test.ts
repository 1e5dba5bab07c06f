import { once } from 'node:events'
import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { requirePace } from '../../src/http/body-pace.ts'
import { listen } from '../../src/http/index.ts'
import { waitUntil } from '../kit/wait-until.ts'

/** A server that wants a hundred bytes every 100 ms. */
async function serve(t: ExecutionContext, take: (request: Request) => Promise<string>) {
  const listening = await listen(
    async (request, { incoming }) => {
      requirePace(incoming, { windowMs: 100, leastBytes: 100 })
      return new Response(await take(request).catch(() => 'broken off'))
    },
    { port: 0, requestTimeoutMs: 0 },
  )
  t.teardown(() => listening.close())
  return listening
}

async function begin(port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n')
  return socket
}

test('a body that trickles ends its connection, one that comes is taken however long it takes', async t => {
  let taken = 0
  const { port } = await serve(t, async request => {
    for await (const part of request.body!) taken += part.length
    return 'all'
  })
  const [slow, steady] = [await begin(port), await begin(port)]
  const trickle = setInterval(() => slow.write('a'), 20)
  const flow = setInterval(() => steady.write('a'.repeat(2_000)), 20)
  await once(slow, 'close')
  clearInterval(trickle)
  const [seen, startMs] = [taken, performance.now()]
  await waitUntil('the other goes on', () => performance.now() - startMs > 500 && taken > seen)
  t.false(steady.closed)
  clearInterval(flow)
  steady.destroy()
})

test('a server that does not take what has come ends nothing', async t => {
  const mayTake = Promise.withResolvers<void>()
  const { port } = await serve(t, async request => {
    await mayTake.promise
    return `${(await request.arrayBuffer()).byteLength} bytes`
  })
  const socket = await begin(port)
  socket.write('a'.repeat(1_000_000))
  const startMs = performance.now()
  await waitUntil('some windows have passed', () => performance.now() - startMs > 500)
  t.false(socket.closed)
  mayTake.resolve()
  t.regex(String((await once(socket, 'data'))[0]), /1000000 bytes/)
  socket.destroy()
})
