import { connect, type Socket } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import type { Negotiated } from '../../../../../src/swarm/engine/native/connection/negotiate.ts'
import { Reception } from '../../../../../src/swarm/engine/native/connection/reception.ts'
import { writeHandshake } from '../../../../../src/swarm/engine/native/wire/handshake.ts'
import type { EncryptionPolicy } from '../../../../../src/swarm/index.ts'
import { MseSpeaker } from '../../../../kit/mse-speaker.ts'
import { listen } from '../../../../kit/socket-pair.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const hashes = { clip: '11'.repeat(20), album: '22'.repeat(20), nowhere: '99'.repeat(20) }

const greeting = (hash: string, name = 1) =>
  writeHandshake({
    infoHash: Buffer.from(hash, 'hex'),
    peerId: new Uint8Array(20).fill(name),
    hasFast: true,
    hasExtensions: true,
    hasV2: true,
  })

async function start(
  t: ExecutionContext,
  policy: EncryptionPolicy = 'prefer',
  isBanned = (_: string) => false,
) {
  const arrived: { torrent: string; negotiated: Negotiated; address: string }[] = []
  const reception = new Reception<string>(policy, {
    handshake: (_, hash) => greeting(hash, 2),
    onConnected: (torrent, negotiated, address) => arrived.push({ torrent, negotiated, address }),
    isBanned,
  })
  const port = await listen(t, socket => reception.receive(socket))
  t.teardown(() => reception.stop())
  /** Connects from an address of this machine; what is heard is read as it comes. */
  const dial = (said: Uint8Array = new Uint8Array(0), localAddress = '127.0.0.1') => {
    const client = {
      socket: connect({ port, host: '127.0.0.1', localAddress }),
      heard: Buffer.alloc(0),
      isClosed: false,
    }
    client.socket.on('error', () => {})
    client.socket.on('data', bytes => {
      client.heard = Buffer.concat([client.heard, bytes])
    })
    client.socket.on('close', () => {
      client.isClosed = true
    })
    t.teardown(() => client.socket.destroy())
    client.socket.write(said)
    return client
  }
  return { reception, arrived, dial }
}

test('each peer is led to the torrent that it asks for, by either hash, and told of with its address', async t => {
  const { reception, arrived, dial } = await start(t)
  reception.add('clip', [hashes.clip])
  reception.add('album', [hashes.album, '33'.repeat(20)])
  const clients = [dial(greeting(hashes.album)), dial(greeting('33'.repeat(20))), dial(greeting(hashes.clip))]
  await waitUntil(
    'all have come',
    () => arrived.length === 3 && clients.every(({ heard }) => heard.length === 68),
  )
  t.deepEqual(arrived.map(({ torrent }) => torrent).toSorted(), ['album', 'album', 'clip'])
  const address = ({ socket }: { socket: Socket }) => `127.0.0.1:${socket.localPort}`
  t.deepEqual(arrived.map(one => one.address).toSorted(), clients.map(address).toSorted())
  t.true(clients.every(({ heard }) => heard[48] === 2))
})

test('who asks for a torrent that is not there, or that has left, hears nothing', async t => {
  const { reception, arrived, dial } = await start(t)
  reception.add('clip', [hashes.clip])
  reception.remove('another', [hashes.clip])
  const [lost, found] = [dial(greeting(hashes.nowhere)), dial(greeting(hashes.clip))]
  await waitUntil('one is ended, the other taken', () => lost.isClosed && arrived.length === 1)
  reception.remove('clip', [hashes.clip])
  const late = dial(greeting(hashes.clip))
  await waitUntil('it is ended', () => late.isClosed)
  t.deepEqual([lost.heard.length, late.heard.length, found.isClosed], [0, 0, false])
})

test('an encrypted handshake finds its torrent, and none that has left', async t => {
  const { reception, arrived, dial } = await start(t, 'require')
  reception.add('clip', [hashes.clip])
  const infoHash = Buffer.from(hashes.clip, 'hex')
  const say = async () => {
    const speaker = new MseSpeaker()
    const client = dial(speaker.publicKey)
    await waitUntil('its key comes', () => client.heard.length >= 96)
    speaker.meet(client.heard)
    client.socket.write(speaker.request({ infoHash, payload: greeting(hashes.clip) }).bytes)
    return client
  }
  await say()
  await waitUntil('it has come', () => arrived.length === 1)
  t.true(arrived[0]!.negotiated.isObfuscated)
  reception.remove('clip', [hashes.clip])
  const late = await say()
  await waitUntil('it is ended', () => late.isClosed)
  t.is(arrived.length, 1)
})

test('where encryption is required a plain handshake is not answered; where it is off, a plain one only', async t => {
  const strict = await start(t, 'require')
  strict.reception.add('clip', [hashes.clip])
  const plain = strict.dial(greeting(hashes.clip))
  await waitUntil('it is ended', () => plain.isClosed)
  const open = await start(t, 'off')
  open.reception.add('clip', [hashes.clip])
  const hidden = open.dial(new MseSpeaker().publicKey)
  open.dial(greeting(hashes.clip))
  await waitUntil('one is ended, the other taken', () => hidden.isClosed && open.arrived.length === 1)
  t.deepEqual([plain.heard.length, hidden.heard.length, strict.arrived.length], [0, 0, 0])
})

test('who is banned is ended before it can say anything', async t => {
  const { reception, arrived, dial } = await start(t, 'prefer', address => address.startsWith('127.0.0.1:'))
  reception.add('clip', [hashes.clip])
  const client = dial(greeting(hashes.clip))
  await waitUntil('it is ended', () => client.isClosed)
  t.deepEqual([client.heard.length, arrived.length], [0, 0])
})

test('one host has 64 undecided connections at most, and is heard again once they have ended', async t => {
  const { reception, arrived, dial } = await start(t)
  reception.add('clip', [hashes.clip])
  const silent = Array.from({ length: 80 }, () => dial())
  await waitUntil('sixteen are too many', () => silent.filter(({ isClosed }) => isClosed).length === 16)
  const late = dial(greeting(hashes.clip))
  await waitUntil('so is one more', () => late.isClosed)
  for (const { socket } of silent) socket.destroy()
  await waitUntil('it gets in again', async () => {
    const again = dial(greeting(hashes.clip))
    await waitUntil('it is decided', () => again.isClosed || again.heard.length > 0)
    return arrived.length > 0
  })
  t.pass()
})

// Only Linux has all of 127.0.0.0/8.
const onLinux = process.platform === 'linux' ? test : test.skip
onLinux('all hosts together have 256, so that a crowd takes no more', async t => {
  const { dial } = await start(t)
  const crowd = Array.from({ length: 300 }, (_, index) => dial(undefined, `127.0.1.${1 + (index % 10)}`))
  await waitUntil('44 are too many', () => crowd.filter(({ isClosed }) => isClosed).length === 44)
  t.pass()
})

test('stopping ends those who have not said what they want', async t => {
  const { reception, dial } = await start(t)
  const silent = [dial(), dial(greeting(hashes.clip).subarray(0, 30))]
  await waitUntil('they are connected', () =>
    silent.every(({ socket }) => !socket.connecting && socket.writableLength === 0),
  )
  await new Promise(resolve => setImmediate(resolve))
  await waitUntil('they are ended', () => {
    reception.stop()
    return silent.every(({ isClosed }) => isClosed)
  })
  t.pass()
})
