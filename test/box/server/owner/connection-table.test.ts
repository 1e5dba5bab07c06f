import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import { type ConnectionEnd, userOfEnd } from '../../../../src/box/server/owner/connection-table.ts'
import { requireThat } from '../../../kit/external.ts'
import { waitUntil } from '../../../kit/wait-until.ts'

const isLinux = (t: ExecutionContext) =>
  requireThat(t, process.platform === 'linux', 'only Linux has tables of connections')

/** A connection to a server on a host, and its ends as the server sees them. */
async function connected(t: ExecutionContext, listenHost: string, host = listenHost) {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, listenHost)
  t.teardown(() => server.close())
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, host)
  const [accepted] = (await once(server, 'connection')) as [Socket]
  t.teardown(() => client.destroy())
  t.teardown(() => accepted.destroy())
  const there: ConnectionEnd = { address: accepted.remoteAddress!, port: accepted.remotePort! }
  const here: ConnectionEnd = { address: accepted.localAddress!, port: accepted.localPort! }
  return { client, there, here }
}

for (const [listenHost, host] of [
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1', '::ffff:127.0.0.1'],
  ['::1', '::1'],
  ['::', '127.0.0.1'],
] as const)
  test(`the user across is found where ${host} connects to ${listenHost}`, async t => {
    if (!isLinux(t)) return
    const { there, here } = await connected(t, listenHost, host)
    t.is(await userOfEnd(there, here), process.getuid?.())
  })

test('an end that was closed is nobody’s, though the system has it as that of root', async t => {
  if (!isLinux(t)) return
  const { client, there, here } = await connected(t, '127.0.0.1')
  client.destroy()
  await waitUntil('it is closed', async () => (await userOfEnd(there, here)) === undefined)
  t.pass()
})

test('of a connection that there is not, and of one from elsewhere, nothing is known', async t => {
  const here = { address: '127.0.0.1', port: 1 }
  t.is(await userOfEnd({ address: '127.0.0.1', port: 2 }, here), undefined)
  t.is(await userOfEnd({ address: '192.0.2.1', port: 2 }, here), undefined)
  t.is(await userOfEnd({ address: '127.1.evil', port: 2 }, here), undefined)
})
