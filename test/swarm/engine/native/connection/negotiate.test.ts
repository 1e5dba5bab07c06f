import test, { type ExecutionContext } from 'ava'
import {
  type IncomingInit,
  NegotiationError,
  negotiateIncoming,
  negotiateOutgoing,
  type OutgoingEncryption,
} from '../../../../../src/swarm/engine/native/connection/negotiate.ts'
import type { PeerSocket } from '../../../../../src/swarm/engine/native/connection/peer-socket.ts'
import { obfuscatedHash } from '../../../../../src/swarm/engine/native/encryption/mse.ts'
import { writeHandshake } from '../../../../../src/swarm/engine/native/wire/handshake.ts'
import { socketPair } from '../../../../kit/socket-pair.ts'
import { waitUntil } from '../../../../kit/wait-until.ts'

const v1 = new Uint8Array(20).fill(0x11)
const v2 = new Uint8Array(20).fill(0x22)
const foreign = new Uint8Array(20).fill(0x99)

const greeting = (infoHash: Uint8Array, name: number) =>
  writeHandshake({
    infoHash,
    peerId: new Uint8Array(20).fill(name),
    hasFast: true,
    hasExtensions: true,
    hasV2: true,
  })

const outgoing = (encryption: OutgoingEncryption, infoHash = v1) => ({
  ours: greeting(infoHash, 1),
  infoHash,
  upgraded: undefined as Uint8Array | undefined,
  encryption,
  timeoutMs: 10_000,
})

const incoming = (accepts: IncomingInit['accepts'], answerBy = v1): IncomingInit => ({
  answer: ({ infoHash }) => (Buffer.compare(infoHash, v1) === 0 ? greeting(answerBy, 2) : undefined),
  findInfoHash: hash => (hash === obfuscatedHash(v1) ? v1 : undefined),
  accepts,
  timeoutMs: 10_000,
})

const everything = { plain: true, encrypted: 'plain-or-rc4' } as const

/** What each side made of it, a failure as its reason. */
async function negotiated(t: ExecutionContext, out: ReturnType<typeof outgoing>, into: IncomingInit) {
  const { near, far } = await socketPair(t)
  return Promise.all([
    negotiateOutgoing(near, out).catch((error: NegotiationError) => error),
    negotiateIncoming(far, into).catch((error: NegotiationError) => error),
  ])
}

/** Reads a socket as text, decrypted. */
function hear(socket: PeerSocket, decrypt: { apply(bytes: Uint8Array): void } | undefined) {
  const heard = { text: '' }
  socket.read((chunk, length) => {
    const bytes = chunk.subarray(0, length)
    decrypt?.apply(bytes)
    heard.text += bytes.toString('latin1')
  })
  return heard
}

const agreements: [
  OutgoingEncryption,
  IncomingInit['accepts'],
  cipher: 'none' | 'hidden handshake' | 'rc4',
][] = [
  ['plain', everything, 'none'],
  ['plain', { plain: true, encrypted: false }, 'none'],
  ['plain-or-rc4', everything, 'hidden handshake'],
  ['plain-or-rc4', { plain: false, encrypted: 'rc4' }, 'rc4'],
  ['rc4', everything, 'rc4'],
]
for (const [encryption, accepts, cipher] of agreements)
  test(`who says ${encryption} and who accepts ${JSON.stringify(accepts)} agree on: ${cipher}`, async t => {
    const [near, far] = await negotiated(t, outgoing(encryption), incoming(accepts))
    if (near instanceof Error || far instanceof Error) return void t.fail(`${near}, ${far}`)
    t.deepEqual([near.handshake.peerId[0], far.handshake.peerId[0]], [2, 1])
    for (const { infoHash, encrypt, decrypt, isObfuscated, rest } of [near, far]) {
      t.deepEqual([...infoHash], [...v1])
      t.is(encrypt !== undefined, cipher === 'rc4')
      t.is(decrypt !== undefined, cipher === 'rc4')
      t.is(isObfuscated, cipher !== 'none')
      t.is(rest.length, 0)
    }
    // Both ciphers are where they should be.
    const [atNear, atFar] = [hear(near.socket, near.decrypt), hear(far.socket, far.decrypt)]
    for (const [side, text] of [
      [near, 'from near'],
      [far, 'from far'],
    ] as const) {
      const bytes = Buffer.from(text)
      side.encrypt?.apply(bytes)
      side.socket.write(bytes)
    }
    await waitUntil('both have heard', () => atNear.text === 'from far' && atFar.text === 'from near')
    t.pass()
  })

const refusals: [OutgoingEncryption, IncomingInit['accepts'], RegExp][] = [
  ['plain', { plain: false, encrypted: 'rc4' }, /does not encrypt/],
  ['rc4', { plain: true, encrypted: false }, /it encrypts/],
  ['plain-or-rc4', { plain: true, encrypted: false }, /it encrypts/],
]
for (const [encryption, accepts, reason] of refusals)
  test(`who says ${encryption} is refused by who accepts ${JSON.stringify(accepts)}`, async t => {
    const [near, far] = await negotiated(t, outgoing(encryption), incoming(accepts))
    t.true(near instanceof NegotiationError && !near.hasHeard)
    t.true(far instanceof NegotiationError && far.hasHeard)
    t.regex(String(far), reason)
  })

for (const encryption of ['plain', 'rc4'] as const)
  test(`a torrent that is not there is answered by nothing, asked for by ${encryption}`, async t => {
    const [near, far] = await negotiated(t, outgoing(encryption, foreign), incoming(everything))
    t.true(near instanceof NegotiationError && far instanceof NegotiationError)
  })

test('who is answered by another torrent hangs up, unless it is the same one by its v2 hash', async t => {
  for (const upgraded of [undefined, v2, foreign]) {
    const [near] = await negotiated(t, { ...outgoing('plain'), upgraded }, incoming(everything, v2))
    if (upgraded !== v2) t.regex(String(near), /another torrent/)
    else t.deepEqual(near instanceof Error ? near : [...near.infoHash], [...v2])
  }
})

for (const encryption of ['plain', 'plain-or-rc4', 'rc4'] as const)
  test(`what is said right behind the handshakes is lost on neither side: ${encryption}`, async t => {
    const { near, far } = await socketPair(t)
    const said = Buffer.from('and a bitfield')
    const accepting = negotiateIncoming(far, incoming(everything)).then(negotiated => {
      const bytes = Buffer.from(said)
      negotiated.encrypt?.apply(bytes)
      far.write(bytes)
      return negotiated
    })
    const dialled = await negotiateOutgoing(near, outgoing(encryption))
    const accepted = await accepting
    const bytes = Buffer.from(said)
    dialled.encrypt?.apply(bytes)
    near.write(bytes)
    const atNear = hear(near, dialled.decrypt)
    const atFar = hear(far, accepted.decrypt)
    await waitUntil(
      'both have heard',
      () => dialled.rest + atNear.text === String(said) && atFar.text === String(said),
    )
    t.pass()
  })

test('a handshake that comes a byte at a time, with more behind it, is read to its end and the rest handed on', async t => {
  const { near, far } = await socketPair(t)
  const accepting = negotiateIncoming(far, incoming(everything))
  const bytes = Buffer.concat([greeting(v1, 7), Buffer.from('more')])
  for (let at = 0; at < 67; at++) {
    near.write(bytes.subarray(at, at + 1))
    await new Promise(resolve => setImmediate(resolve))
  }
  near.write(bytes.subarray(67))
  const { handshake, rest } = await accepting
  t.is(handshake.peerId[0], 7)
  const { text } = hear(far, undefined)
  t.is(rest + text, 'more')
})

test('who says nothing, or half a handshake, is given up in time', async t => {
  for (const said of ['', '\x13Bit', '\x13BitTorrent protocol']) {
    const { near, far } = await socketPair(t)
    near.write(Buffer.from(said, 'latin1'))
    const error = await t.throwsAsync(negotiateIncoming(far, { ...incoming(everything), timeoutMs: 50 }))
    t.regex(String(error), /no handshake in time/)
    t.true(far.isClosed)
  }
})

test('who speaks something else, or hangs up, is given up at once', async t => {
  const { near, far } = await socketPair(t)
  const dialling = negotiateOutgoing(near, outgoing('plain'))
  far.write(Buffer.alloc(68, 0x47))
  const error = (await t.throwsAsync(dialling)) as NegotiationError
  t.regex(error.message, /does not speak BitTorrent/)
  t.true(error.hasHeard)
  const other = await socketPair(t)
  const silent = negotiateOutgoing(other.near, outgoing('rc4'))
  other.far.destroy('no')
  t.false(((await t.throwsAsync(silent)) as NegotiationError).hasHeard)
})
