import { once } from 'node:events'
import type { Socket } from 'node:net'
import test from 'ava'
import { type DialClient, Dialer } from '../../../../../src/swarm/engine/native/connection/dialer.ts'
import type { Negotiated } from '../../../../../src/swarm/engine/native/connection/negotiate.ts'
import { handshakeLength, writeHandshake } from '../../../../../src/swarm/engine/native/wire/handshake.ts'
import { freePort } from '../../../../kit/free-port.ts'
import { listen } from '../../../../kit/socket-pair.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const infoHash = new Uint8Array(20).fill(0x11)
const greeting = (name: number) =>
  writeHandshake({
    infoHash,
    peerId: new Uint8Array(20).fill(name),
    hasFast: true,
    hasExtensions: true,
    hasV2: false,
  })

/** A torrent with so many peers, all at one port; their numbers are what it is told of them. */
class Client implements DialClient<number> {
  readonly connected: { candidate: number; negotiated: Negotiated }[] = []
  readonly failed: { candidate: number; reason: string; isEncryptionRefused: boolean }[] = []
  tried = 0
  isPlain = false
  readonly #port: number
  readonly #peers: number
  readonly #onTry: () => void

  constructor(port: number, peers: number, onTry: () => void = () => {}) {
    this.#port = port
    this.#peers = peers
    this.#onTry = onTry
  }

  next() {
    if (this.tried === this.#peers) return undefined
    this.#onTry()
    return { host: '127.0.0.1', port: this.#port, candidate: this.tried++, isPlain: this.isPlain }
  }

  handshake() {
    return { bytes: greeting(1), infoHash, upgraded: undefined }
  }

  onConnected(candidate: number, negotiated: Negotiated): void {
    this.connected.push({ candidate, negotiated })
    negotiated.socket.destroy('enough')
  }

  onFailed(candidate: number, reason: string, isEncryptionRefused: boolean): void {
    this.failed.push({ candidate, reason, isEncryptionRefused })
  }
}

/** Answers the first bytes of a plain handshake, and hangs up on all else. */
function answerPlain(socket: Socket): void {
  socket.once('data', bytes => {
    if (bytes.length === handshakeLength && bytes[0] === 0x13) socket.write(greeting(2))
    else socket.destroy()
  })
}

test('no more than 64 connections are being made at once, and each that ends makes room for the next', async t => {
  const silent: Socket[] = []
  const port = await listen(t, socket => silent.push(socket))
  const dialer = new Dialer('off')
  t.teardown(() => dialer.stop())
  const client = new Client(port, 200)
  dialer.want(client)
  await waitUntil('all of them are there', () => silent.length === 64)
  t.is(client.tried, 64)
  for (const socket of silent.splice(0, 10)) socket.destroy()
  await waitUntil('others follow', () => silent.length === 64)
  t.is(client.tried, 74)
  t.is(client.failed.length, 10)
})

test('a torrent with few peers does not wait for one with many', async t => {
  const port = await freePort()
  const dialer = new Dialer('off')
  t.teardown(() => dialer.stop())
  const tries: string[] = []
  const many = new Client(port, 400, () => tries.push('many'))
  const few = new Client(port, 5, () => tries.push('few'))
  dialer.want(many)
  dialer.want(few)
  await waitUntil('all have failed', () => many.failed.length === 400 && few.failed.length === 5)
  t.true(tries.lastIndexOf('few') < 64 + 12, `${tries.lastIndexOf('few')}`)
})

test('who hangs up on an encrypted handshake is told apart, and takes a plain one', async t => {
  const port = await listen(t, answerPlain)
  const dialer = new Dialer('prefer')
  const client = new Client(port, 2)
  dialer.want(client)
  await waitUntil('both were tried', () => client.failed.length === 2)
  t.true(client.failed.every(({ isEncryptionRefused }) => isEncryptionRefused))
  const again = new Client(port, 1)
  again.isPlain = true
  dialer.want(again)
  await waitUntil('it is connected', () => again.connected.length === 1)
  t.is(again.connected[0]?.negotiated.handshake.peerId[0], 2)
})

test('where encryption is required nothing plain is ever said, whatever is known of the peer', async t => {
  const heard: Buffer[] = []
  const port = await listen(t, socket => {
    socket.on('data', bytes => {
      heard.push(bytes)
      socket.destroy()
    })
  })
  const dialer = new Dialer('require')
  const client = new Client(port, 3)
  client.isPlain = true
  dialer.want(client)
  await waitUntil('all were tried', () => client.failed.length === 3)
  t.false(Buffer.concat(heard).includes('BitTorrent'))
  t.true(client.failed.every(({ isEncryptionRefused }) => !isEncryptionRefused))
})

test('where nobody listens it is a failure, and no refusal of encryption', async t => {
  const dialer = new Dialer('prefer')
  const client = new Client(await freePort(), 1)
  dialer.want(client)
  await waitUntil('it has failed', () => client.failed.length === 1)
  t.false(client.failed[0]!.isEncryptionRefused)
  t.regex(client.failed[0]!.reason, /ECONNREFUSED/)
})

test('who is forgotten is not dialled any more; stopping ends what is being made, and nothing begins after it', async t => {
  const sockets: Socket[] = []
  const port = await listen(t, socket => sockets.push(socket))
  const dialer = new Dialer('off')
  const [one, other] = [new Client(port, 64), new Client(port, 1)]
  dialer.want(one)
  dialer.want(other)
  dialer.forget(other)
  await waitUntil('all are there', () => sockets.length === 64)
  const ended = sockets.map(socket => once(socket.resume(), 'close'))
  dialer.stop()
  await waitUntil('all have failed', () => one.failed.length === 64)
  await Promise.all(ended)
  dialer.want(other)
  t.is(other.tried, 0)
})
