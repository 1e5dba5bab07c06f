import test from 'ava'
import {
  generateIdentity,
  identityFromSeed,
  P2pShareError,
  verifySignature,
  verifySignatureInBackground,
} from '../../../src/core/index.ts'

// RFC 8032, 7.1, tests 1 to 3.
const vectors = [
  {
    seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
]

for (const [index, { seed, publicKey, message, signature }] of vectors.entries())
  test(`vector ${index + 1} of RFC 8032 signs and verifies`, async t => {
    const identity = identityFromSeed(Buffer.from(seed, 'hex'))
    const bytes = Buffer.from(message, 'hex')
    t.is(identity.publicKey, publicKey)
    t.is(Buffer.from(identity.sign(bytes)).toString('hex'), signature)
    t.true(verifySignature(publicKey, bytes, Buffer.from(signature, 'hex')))
    t.true(await verifySignatureInBackground(publicKey, bytes, Buffer.from(signature, 'hex')))
  })

test('a changed bit, another key and what is no key or signature verify nothing', async t => {
  const identity = generateIdentity()
  const bytes = Buffer.from('the lion roars')
  const signature = Buffer.from(identity.sign(bytes))
  const flipped = Buffer.from(signature)
  flipped[5]! ^= 1
  for (const [key, signed] of [
    [identity.publicKey, flipped],
    [generateIdentity().publicKey, signature],
    [identity.publicKey, signature.subarray(1)],
    ['00', signature],
    ['zz'.repeat(32), signature],
    [identity.publicKey.toUpperCase(), signature],
  ] as const) {
    t.false(verifySignature(key, bytes, signed))
    t.false(await verifySignatureInBackground(key, bytes, signed))
  }
})

test('an identity made of its seed is the same one, and a seed of another length is refused', t => {
  const identity = generateIdentity()
  t.is(identityFromSeed(identity.seed()).publicKey, identity.publicKey)
  t.throws(() => identityFromSeed(new Uint8Array(31)), {
    instanceOf: P2pShareError,
    code: 'ERR_INVALID_IDENTITY',
  })
})
