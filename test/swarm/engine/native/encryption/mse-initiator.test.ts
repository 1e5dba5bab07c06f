import { randomBytes } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { MseInitiator } from '../../../../../src/swarm/engine/native/encryption/mse-initiator.ts'
import { groupBytes, type MseFields, MseSpeaker } from '../../../../kit/mse-speaker.ts'

const infoHash = randomBytes(20)
const payload = Buffer.from('a handshake of BitTorrent')

/** An initiator of ours that has met a receiver. */
function meet(crypto: 'rc4' | 'plain-or-rc4' = 'plain-or-rc4') {
  const ours = new MseInitiator({ infoHash, crypto, initialPayload: payload })
  const them = new MseSpeaker()
  const opening = Buffer.from(ours.start())
  them.meet(opening)
  const step = ours.push(them.publicKey)
  const said = Buffer.concat(step.send)
  const answered = (fields: Partial<MseFields>) => them.answer({ infoHash, ...fields })
  return { ours, them, opening, said, answered }
}

test('what it says after the keys is what the specification says', t => {
  for (const [crypto, provided] of [
    ['rc4', 2],
    ['plain-or-rc4', 3],
  ] as const) {
    const { them, opening, said } = meet(crypto)
    t.true(opening.length >= 96 && opening.length <= 96 + 512)
    t.deepEqual(said.subarray(0, 20), them.syncHash)
    t.deepEqual(said.subarray(20, 40), them.namedTorrent(infoHash))
    const hidden = them.cipher('keyA', infoHash).apply(said.subarray(40))
    t.deepEqual(hidden.subarray(0, 8), Buffer.alloc(8))
    t.is(hidden.readUInt32BE(8), provided)
    const padLength = hidden.readUInt16BE(12)
    t.true(padLength <= 512)
    t.is(hidden.readUInt16BE(14 + padLength), payload.length)
    t.deepEqual(hidden.subarray(16 + padLength), payload)
  }
})

test('an answer is understood however its bytes arrive, behind pads of any length', t => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 512 }),
      fc.uint8Array({ maxLength: 512 }),
      fc.constantFrom(1, 2),
      fc.uint8Array({ maxLength: 100 }),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (padB, pad, selected, following, cuts) => {
        const { ours, answered } = meet()
        const answer = answered({ crypto: selected, pad })
        const behind = selected === 2 ? answer.cipher.apply(following) : following
        const bytes = Buffer.concat([padB, answer.bytes, behind])
        const heard: Uint8Array[] = []
        let at = 0
        let decrypt: { apply(bytes: Uint8Array): void } | undefined
        let encrypt: { apply(bytes: Uint8Array): void } | undefined
        let isOver = false
        for (let turn = 0; at < bytes.length; turn++) {
          const part = bytes.subarray(at, at + cuts[turn % cuts.length]!)
          at += part.length
          if (isOver) {
            const plain = Buffer.from(part)
            decrypt?.apply(plain)
            heard.push(plain)
            continue
          }
          const { outcome, failed, send } = ours.push(part)
          t.is(failed, undefined)
          t.is(send.length, 0)
          if (!outcome) continue
          isOver = true
          heard.push(outcome.rest)
          ;({ decrypt, encrypt } = outcome)
          t.deepEqual(outcome.infoHash, infoHash)
        }
        t.true(isOver)
        t.deepEqual(Buffer.concat(heard), Buffer.from(following))
        t.is(encrypt !== undefined, selected === 2)
        t.is(decrypt !== undefined, selected === 2)
      },
    ),
  )
})

test('what it encrypts afterwards goes on where its payload ended', t => {
  const { ours, them, said, answered } = meet()
  const { outcome } = ours.push(answered({ crypto: 2 }).bytes)
  const theirs = them.cipher('keyA', infoHash)
  theirs.apply(said.subarray(40))
  const next = Buffer.from('what comes next')
  outcome!.encrypt!.apply(next)
  t.is(theirs.apply(next).toString(), 'what comes next')
})

test('a pad of 512 bytes is passed, one of 513 is not', t => {
  const fits = meet()
  t.truthy(fits.ours.push(Buffer.concat([Buffer.alloc(512, 1), fits.answered({}).bytes])).outcome)
  const behind = meet()
  t.truthy(behind.ours.push(behind.answered({ pad: new Uint8Array(512) }).bytes).outcome)
  const tooLong = meet()
  t.truthy(tooLong.ours.push(Buffer.concat([Buffer.alloc(513, 1), tooLong.answered({}).bytes])).failed)
  const tooLongBehind = meet()
  t.truthy(tooLongBehind.ours.push(tooLongBehind.answered({ claimedPadLength: 513 }).bytes).failed)
})

test('a receiver that does not know the torrent is given up after 520 bytes', t => {
  const { ours, them } = meet()
  const wrong = them.answer({ infoHash: randomBytes(20), pad: new Uint8Array(512) }).bytes
  t.is(ours.push(wrong.subarray(0, 519)).failed, undefined)
  t.truthy(ours.push(wrong.subarray(519, 520)).failed)
})

test('a cipher that was not offered is refused', t => {
  for (const [crypto, selected] of [
    ['rc4', 1],
    ['rc4', 0],
    ['plain-or-rc4', 3],
    ['plain-or-rc4', 4],
    ['plain-or-rc4', 0x80000000],
    ['plain-or-rc4', 0xffffffff],
  ] as const) {
    const { ours, answered } = meet(crypto)
    const step = ours.push(answered({ crypto: selected }).bytes)
    t.truthy(step.failed, `${crypto} ${selected}`)
    t.is(step.outcome, undefined)
  }
})

test('a key that is none ends it', t => {
  const ours = new MseInitiator({ infoHash, crypto: 'rc4', initialPayload: payload })
  ours.start()
  const step = ours.push(groupBytes(1n))
  t.truthy(step.failed)
  t.deepEqual(step.send, [])
  t.truthy(ours.push(Buffer.alloc(1_000)).failed, 'and it stays so')
})

test('rubbish is waited for or refused, and never an outcome', t => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 5 }), parts => {
      const ours = new MseInitiator({ infoHash, crypto: 'plain-or-rc4', initialPayload: payload })
      ours.start()
      let heard = 0
      for (const part of parts) {
        const step = ours.push(part)
        heard += part.length
        t.is(step.outcome, undefined)
        if (heard >= 96 + 520) t.truthy(step.failed)
      }
    }),
  )
})
