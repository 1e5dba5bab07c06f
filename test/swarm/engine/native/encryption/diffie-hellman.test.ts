import test from 'ava'
import { newKeyPair } from '../../../../../src/swarm/engine/native/encryption/diffie-hellman.ts'
import { groupBytes, groupPrime, power } from '../../../../kit/mse-speaker.ts'

test('two sides come to one secret', t => {
  const [one, other] = [newKeyPair(), newKeyPair()]
  t.notDeepEqual(one.publicKey, other.publicKey)
  t.deepEqual(one.secretWith(other.publicKey), other.secretWith(one.publicKey))
})

test('the group is that of MSE, with 2 as its generator', t => {
  const ours = newKeyPair()
  t.deepEqual(ours.secretWith(groupBytes(2n)), ours.publicKey)
  const square = groupBytes(power(BigInt(`0x${ours.publicKey.toString('hex')}`), 2n))
  t.deepEqual(ours.secretWith(groupBytes(4n)), square)
})

test('keys and secrets that begin with zeros keep their 96 bytes', t => {
  for (let round = 0; round < 600; round++) {
    const pair = newKeyPair()
    t.is(pair.publicKey.length, 96)
    t.is(pair.secretWith(groupBytes(3n))?.length, 96)
  }
})

test('a key that would give the secret away is none', t => {
  const ours = newKeyPair()
  for (const value of [0n, 1n, groupPrime - 1n, groupPrime, groupPrime + 1n, 2n ** 768n - 1n])
    t.is(ours.secretWith(groupBytes(value)), undefined, value.toString(16).slice(-8))
})
