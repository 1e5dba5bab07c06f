import { once } from 'node:events'
import { createServer } from 'node:net'
import test from 'ava'
import { runCommand } from '../../kit/command.ts'
import { startDhtNode } from '../../kit/dht-node.ts'

const names = [
  'Node',
  'Engine',
  'Port',
  'DHT',
  'Local network',
  'Router',
  'ffmpeg',
  'Settings',
  'Data',
  'State',
  'This folder',
]

test('--offline looks at the machine only, and says what it left out', async t => {
  const variables = { P2PSHARE_NO_DHT: '0', P2PSHARE_NO_LSD: '0', P2PSHARE_NO_NAT: '0' }
  const { exitCode, events } = await runCommand(t, ['doctor', '--offline', '--json'], { variables })
  t.is(exitCode, 0)
  const checks = events()
  t.deepEqual(
    checks.map(({ name }) => name),
    [...names, 'Free space'],
  )
  const off = checks.filter(({ status }) => status === 'off').map(({ name }) => name)
  t.deepEqual(off, ['DHT', 'Local network', 'Router'])
  t.true(checks.every(({ event }) => event === 'check'))
})

test('a person gets a table, with a line for each remedy', async t => {
  const { stdout, exitCode } = await runCommand(t, ['doctor', '--offline'])
  t.is(exitCode, 0)
  t.regex(stdout, /^Status +What\n/)
  t.regex(stdout, /^ok +Node +\d+\.\d+\.\d+$/m)
  t.regex(stdout, /^off +DHT +switched off$/m)
})

test('a port that is taken fails it with 5', async t => {
  const server = createServer()
  server.listen(0)
  await once(server, 'listening')
  t.teardown(() => void server.close())
  const { port } = server.address() as { port: number }
  const { exitCode, stdout, stderr } = await runCommand(t, ['doctor', '--port', String(port)])
  t.is(exitCode, 5)
  t.regex(stdout, /^fail +Port/m)
  t.true(stderr.includes('ERR_PORT_TAKEN'))
})

test('a DHT node that answers is counted', async t => {
  const node = await startDhtNode(t)
  const variables = { P2PSHARE_NO_DHT: '0', P2PSHARE_DHT_BOOTSTRAP: node.address }
  const { stdout } = await runCommand(t, ['doctor'], { variables })
  t.regex(stdout, /^ok +DHT +1 node answers$/m)
})

test('the local network is listened to on the interface that is named', async t => {
  const variables = { P2PSHARE_NO_LSD: '0', P2PSHARE_LSD_INTERFACE: '127.0.0.1' }
  const { events } = await runCommand(t, ['doctor', '--json'], { variables })
  t.is(events().find(({ name }) => name === 'Local network')?.status, 'ok')
})
