import test from 'ava'
import { isSigned, itemTarget, signedBytes } from '../../../src/swarm/discovery/dht-item.ts'

// The test vectors of BEP 44.
const publicKey = '77ff84905a91936367c01360803104f92432fcd904a43511876df5cdf3e7e548'
const value = Buffer.from('12:Hello World!')
const vectors = [
  {
    salt: '',
    signed: '3:seqi1e1:v12:Hello World!',
    target: '4a533d47ec9c7d95b1ad75f576cffc641853b750',
    signature:
      '305ac8aeb6c9c151fa120f120ea2cfb923564e11552d06a5d856091e5e853cff' +
      '1260d3f39e4999684aa92eb73ffd136e6f4f3ecbfda0ce53a1608ecd7ae21f01',
  },
  {
    salt: 'foobar',
    signed: '4:salt6:foobar3:seqi1e1:v12:Hello World!',
    target: '411eba73b6f087ca51a3795d9c8c938d365e32c1',
    signature:
      '6834284b6b24c3204eb2fea824d82f88883a3d95e8b4a21b8c0ded553d17d17d' +
      'df9a8a7104b1258f30bed3787e6cb896fca78c58f8e03b5f18f14951a87d9a08',
  },
]

for (const vector of vectors)
  test(`The vector of BEP 44 with the salt "${vector.salt}" has its target, its signed bytes and its signature`, t => {
    const salt = Buffer.from(vector.salt)
    const item = { publicKey, salt, seq: 1, value, signature: Buffer.from(vector.signature, 'hex') }
    t.is(itemTarget(item).toString('hex'), vector.target)
    t.is(Buffer.from(signedBytes(item)).toString(), vector.signed)
    t.true(isSigned(item))
    t.false(isSigned({ ...item, seq: 2 }))
    t.false(isSigned({ ...item, salt: Buffer.from(`${vector.salt}x`) }))
    t.false(isSigned({ ...item, value: Buffer.from('12:hello World!') }))
    t.false(isSigned({ ...item, signature: item.signature.subarray(1) }))
  })
