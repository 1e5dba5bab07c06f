import test from 'ava'
import fc from 'fast-check'
import {
  hostBytes,
  hostOfBytes,
  readCompactAddress,
  writeCompactAddress,
} from '../../../src/swarm/peer-address/compact-address.ts'

test('addresses have the bytes of BEP 23 and BEP 7', t => {
  t.is(writeCompactAddress('1.2.3.4:6881')?.toString('hex'), '010203041ae1')
  t.is(writeCompactAddress('[2001:db8::ff:1]:80')?.toString('hex'), '20010db8000000000000000000ff00010050')
  t.is(writeCompactAddress('[::ffff:1.2.3.4]:6881')?.toString('hex'), '010203041ae1')
  t.is(hostBytes('64:ff9b::1.2.3.4')?.toString('hex'), '0064ff9b000000000000000001020304')
})

test('what can be read can be written, and is the same address', t => {
  const compact = fc.oneof(
    fc.uint8Array({ minLength: 6, maxLength: 6 }),
    fc.uint8Array({ minLength: 18, maxLength: 18 }),
  )
  fc.assert(
    fc.property(compact, bytes => {
      const address = readCompactAddress(bytes)
      if (address === undefined) return
      const again = writeCompactAddress(address)!
      t.is(readCompactAddress(again), address)
      if (bytes.length === 6) t.deepEqual([...again], [...bytes])
    }),
  )
})

test('any sixteen bytes survive being written as an address', t => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), bytes => {
      const again = hostBytes(hostOfBytes(bytes)!)!
      t.deepEqual([...again], [...(again.length === 4 ? bytes.subarray(12) : bytes)])
    }),
  )
})

for (const hex of [
  '01020304 0000',
  '00000000 1ae1',
  'e0000001 1ae1',
  'ffffffff 1ae1',
  `${'00'.repeat(16)}1ae1`,
  `ff02${'00'.repeat(13)}01 1ae1`,
  `fe80${'00'.repeat(13)}01 1ae1`,
]) {
  test(`${hex} is the address of no peer`, t => {
    t.is(readCompactAddress(Buffer.from(hex.replace(' ', ''), 'hex')), undefined)
  })
}

for (const text of [
  'example.org:80',
  '1.2.3.4',
  '1.2.3.4:0',
  '1.2.3.4:65536',
  '1.2.3:80',
  '[fe80::1%eth0]:80',
  '[::1]',
  '',
]) {
  test(`"${text}" has no compact form`, t => {
    t.is(writeCompactAddress(text), undefined)
  })
}
