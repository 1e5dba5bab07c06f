import { randomBytes } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { obfuscatedHash } from '../../../../../src/swarm/engine/native/encryption/mse-keys.ts'
import { MseReceiver } from '../../../../../src/swarm/engine/native/encryption/mse-receiver.ts'
import { groupBytes, MseSpeaker } from '../../../../kit/mse-speaker.ts'

const infoHash = randomBytes(20)
const findInfoHash = (obfuscated: string) => (obfuscated === obfuscatedHash(infoHash) ? infoHash : undefined)

/** A receiver of ours that has met an initiator. */
function meet(crypto: 'rc4' | 'plain-or-rc4' = 'plain-or-rc4') {
  const ours = new MseReceiver({ findInfoHash, crypto })
  const them = new MseSpeaker()
  const opening = Buffer.concat(ours.push(them.publicKey).send)
  them.meet(opening)
  return { ours, them, opening }
}

test('nothing is said before the whole key was heard', t => {
  const ours = new MseReceiver({ findInfoHash, crypto: 'rc4' })
  const { publicKey } = new MseSpeaker()
  for (let at = 0; at < 95; at++) t.deepEqual(ours.push(publicKey.subarray(at, at + 1)), { send: [] })
  const opening = Buffer.concat(ours.push(publicKey.subarray(95)).send)
  t.true(opening.length >= 96 && opening.length <= 96 + 512)
})

test('a request is understood however its bytes arrive, with pads and payloads of any length', t => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 512 }),
      fc.uint8Array({ maxLength: 512 }),
      fc.constantFrom(1, 2, 3),
      fc.uint8Array({ maxLength: 100 }),
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (padA, pad, provided, payload, following, cuts) => {
        const { ours, them } = meet()
        const { bytes: request, cipher } = them.request({ infoHash, crypto: provided, pad, payload })
        const isPlain = provided !== 2
        const bytes = Buffer.concat([padA, request, isPlain ? following : cipher.apply(following)])
        const heard: Uint8Array[] = []
        const said: Uint8Array[] = []
        let decrypt: { apply(bytes: Uint8Array): void } | undefined
        let isOver = false
        let at = 0
        for (let turn = 0; at < bytes.length; turn++) {
          const part = bytes.subarray(at, at + cuts[turn % cuts.length]!)
          at += part.length
          if (isOver) {
            const plain = Buffer.from(part)
            decrypt?.apply(plain)
            heard.push(plain)
            continue
          }
          const step = ours.push(part)
          t.is(step.failed, undefined)
          said.push(...step.send)
          if (!step.outcome) continue
          isOver = true
          heard.push(step.outcome.rest)
          decrypt = step.outcome.decrypt
          t.is(step.outcome.encrypt === undefined, isPlain)
          t.is(decrypt === undefined, isPlain)
          t.deepEqual(step.outcome.infoHash, infoHash)
        }
        t.true(isOver)
        t.deepEqual(Buffer.concat(heard), Buffer.concat([payload, following]))

        const answer = them.cipher('keyB', infoHash).apply(Buffer.concat(said))
        t.deepEqual(answer.subarray(0, 8), Buffer.alloc(8))
        t.is(answer.readUInt32BE(8), isPlain ? 1 : 2)
        t.is(answer.length, 14 + answer.readUInt16BE(12))
      },
    ),
  )
})

test('what it encrypts afterwards goes on where its answer ended', t => {
  const { ours, them } = meet('rc4')
  const { send, outcome } = ours.push(them.request({ infoHash }).bytes)
  const theirs = them.cipher('keyB', infoHash)
  theirs.apply(Buffer.concat(send))
  const next = Buffer.from('what comes next')
  outcome!.encrypt!.apply(next)
  t.is(theirs.apply(next).toString(), 'what comes next')
})

test('RC4 is chosen where plain text is not accepted, though both are offered', t => {
  const { ours, them } = meet('rc4')
  const { outcome } = ours.push(them.request({ infoHash, crypto: 3 }).bytes)
  t.truthy(outcome?.encrypt)
})

test('an offer without a cipher that is accepted is refused', t => {
  for (const [crypto, provided] of [
    ['rc4', 1],
    ['rc4', 0],
    ['rc4', 0xfffffffd],
    ['plain-or-rc4', 0],
    ['plain-or-rc4', 0xfffffffc],
  ] as const) {
    const { ours, them } = meet(crypto)
    const step = ours.push(them.request({ infoHash, crypto: provided }).bytes)
    t.truthy(step.failed, `${crypto} ${provided}`)
    t.deepEqual(step.send, [])
  }
})

test('ciphers of a future beside ours do no harm', t => {
  const { ours, them } = meet()
  t.truthy(ours.push(them.request({ infoHash, crypto: 0xfffffffe }).bytes).outcome?.encrypt)
})

test('pads of 512 bytes are passed, of 513 are not', t => {
  const fits = meet()
  const request = fits.them.request({ infoHash, pad: new Uint8Array(512) }).bytes
  t.truthy(fits.ours.push(Buffer.concat([Buffer.alloc(512, 1), request])).outcome)
  const tooLong = meet()
  t.truthy(
    tooLong.ours.push(Buffer.concat([Buffer.alloc(513, 1), tooLong.them.request({ infoHash }).bytes])).failed,
  )
  const tooLongBehind = meet()
  t.truthy(
    tooLongBehind.ours.push(tooLongBehind.them.request({ infoHash, claimedPadLength: 513 }).bytes).failed,
  )
})

test('whoever speaks neither protocol is given up after a key, a pad and 20 bytes', t => {
  const { ours } = meet()
  t.is(ours.push(Buffer.alloc(531, 1)).failed, undefined)
  t.truthy(ours.push(Buffer.alloc(1, 1)).failed)
})

test('a torrent that is not here is refused without a word', t => {
  const { ours, them } = meet()
  const step = ours.push(them.request({ infoHash: randomBytes(20) }).bytes)
  t.truthy(step.failed)
  t.deepEqual(step.send, [])
})

test('who names the torrent without knowing its info-hash is refused', t => {
  const { ours, them } = meet()
  const named = Buffer.concat([them.syncHash, them.namedTorrent(infoHash)])
  const hidden = them.cipher('keyA', randomBytes(20)).apply(new Uint8Array(100))
  t.truthy(ours.push(Buffer.concat([named, hidden])).failed)
  const { ours: other, them: liar } = meet()
  t.truthy(other.push(liar.request({ infoHash, verification: Buffer.alloc(8, 1) }).bytes).failed)
})

test('a payload of 65,535 bytes arrives whole, and none is held for one that was only announced', t => {
  const { ours, them } = meet()
  const payload = randomBytes(65_535)
  const { bytes } = them.request({ infoHash, payload })
  t.is(ours.push(bytes.subarray(0, -1)).outcome, undefined)
  t.deepEqual(ours.push(bytes.subarray(-1)).outcome?.rest, payload)
  const { ours: waiting, them: silent } = meet()
  t.deepEqual(waiting.push(silent.request({ infoHash, claimedPayloadLength: 65_535 }).bytes), { send: [] })
})

test('a key that is none ends it', t => {
  const ours = new MseReceiver({ findInfoHash, crypto: 'rc4' })
  const step = ours.push(groupBytes(0n))
  t.truthy(step.failed)
  t.deepEqual(step.send, [])
  t.truthy(ours.push(Buffer.alloc(1_000)).failed, 'and it stays so')
})

test('rubbish is waited for or refused, and never an outcome', t => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 }), parts => {
      const ours = new MseReceiver({ findInfoHash, crypto: 'plain-or-rc4' })
      let heard = 0
      for (const part of parts) {
        const step = ours.push(part)
        heard += part.length
        t.is(step.outcome, undefined)
        if (heard >= 96 + 532) t.truthy(step.failed)
      }
    }),
  )
})
