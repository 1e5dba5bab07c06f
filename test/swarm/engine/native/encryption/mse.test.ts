import { randomBytes } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import {
  MseInitiator,
  type MseOutcome,
  MseReceiver,
  type MseStep,
  obfuscatedHash,
} from '../../../../../src/swarm/engine/native/encryption/mse.ts'
import { runs } from '../../../../kit/runs.ts'

const infoHash = randomBytes(20)
const findInfoHash = (obfuscated: string) => (obfuscated === obfuscatedHash(infoHash) ? infoHash : undefined)

/** Carries what both sides say to the other in parts of `length` bytes until there is nothing more to say. */
function converse(initiator: MseInitiator, receiver: MseReceiver, length: number) {
  const toReceiver: Uint8Array[] = [initiator.start()]
  const toInitiator: Uint8Array[] = []
  const end: { initiator?: MseOutcome; receiver?: MseOutcome; failed?: string } = {}
  const deliver = (from: Uint8Array[], push: (bytes: Uint8Array) => MseStep, to: Uint8Array[]) => {
    const bytes = Buffer.concat(from.splice(0))
    for (let at = 0; at < bytes.length; at += length) {
      const step = push(bytes.subarray(at, at + length))
      to.push(...step.send)
      if (step.failed !== undefined) end.failed ??= step.failed
      if (step.outcome) return step.outcome
    }
    return undefined
  }
  while (end.failed === undefined && toReceiver.length + toInitiator.length > 0) {
    end.receiver ??= deliver(toReceiver, bytes => receiver.push(bytes), toInitiator)
    end.initiator ??= deliver(toInitiator, bytes => initiator.push(bytes), toReceiver)
  }
  return end
}

const policies = fc.constantFrom('rc4', 'plain-or-rc4')

test('two of ours agree, byte by byte or all at once, and go on in one stream each way', t => {
  fc.assert(
    fc.property(
      policies,
      policies,
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(1, 7, 500, 100_000),
      (ofInitiator, ofReceiver, initialPayload, length) => {
        const initiator = new MseInitiator({ infoHash, crypto: ofInitiator, initialPayload })
        const receiver = new MseReceiver({ findInfoHash, crypto: ofReceiver })
        const end = converse(initiator, receiver, length)
        t.is(end.failed, undefined)
        t.deepEqual(end.receiver!.infoHash, infoHash)
        t.deepEqual(Buffer.from(end.receiver!.rest), Buffer.from(initialPayload))
        t.is(end.initiator!.rest.length, 0)
        const isPlain = ofInitiator === 'plain-or-rc4' && ofReceiver === 'plain-or-rc4'
        for (const [from, to] of [
          [end.initiator!, end.receiver!],
          [end.receiver!, end.initiator!],
        ] as const) {
          const message = Buffer.from('a message')
          from.encrypt?.apply(message)
          t.is(message.toString() === 'a message', isPlain)
          to.decrypt?.apply(message)
          t.is(message.toString(), 'a message')
        }
      },
    ),
    { numRuns: runs(40) },
  )
})

test('two that speak of different torrents do not come together', t => {
  const initiator = new MseInitiator({
    infoHash: randomBytes(20),
    crypto: 'plain-or-rc4',
    initialPayload: Buffer.alloc(68),
  })
  const end = converse(initiator, new MseReceiver({ findInfoHash, crypto: 'plain-or-rc4' }), 100_000)
  t.truthy(end.failed)
  t.is(end.initiator, undefined)
  t.is(end.receiver, undefined)
})
