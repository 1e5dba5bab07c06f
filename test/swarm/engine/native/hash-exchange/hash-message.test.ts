import test from 'ava'
import fc from 'fast-check'
import {
  type HashRange,
  readHashes,
  readHashRange,
  uncleCount,
  writeHashes,
  writeHashReject,
  writeHashRequest,
} from '../../../../../src/swarm/engine/native/hash-exchange/hash-message.ts'

const uint32 = fc.integer({ min: 0, max: 0xffffffff })
const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('hex'))
const anyRange = fc.record({ root, baseLayer: uint32, index: uint32, length: uint32, proofLayers: uint32 })
const sensibleRange = fc.record({
  root,
  baseLayer: fc.nat(20),
  index: fc.nat(10_000),
  length: fc.integer({ min: 1, max: 512 }),
  proofLayers: fc.nat(64),
})

const bodyOf = (message: Buffer) => message.subarray(5)

test('a request and a reject come out as they went in, whatever their numbers', t => {
  fc.assert(
    fc.property(anyRange, range => {
      const request = writeHashRequest(range)
      t.is(request.readUInt32BE(0), request.length - 4)
      t.is(request[4], 21)
      t.deepEqual(readHashRange(bodyOf(request)), range)
      t.is(writeHashReject(range)[4], 23)
      t.deepEqual(readHashRange(bodyOf(writeHashReject(range))), range)
    }),
  )
})

test('hashes come out as they went in, the row apart from what proves it', t => {
  fc.assert(
    fc.property(sensibleRange, range => {
      const nodes = Buffer.alloc(range.length * 32, 1)
      const uncles = Buffer.alloc(uncleCount(range) * 32, 2)
      const message = writeHashes(range, [nodes, uncles])
      t.is(message[4], 22)
      const read = readHashes(bodyOf(message))!
      t.deepEqual(read.range, range)
      t.true(nodes.equals(read.nodes))
      t.true(uncles.equals(read.uncles))
    }),
  )
})

test('bytes of any other length are no hash message', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), body => {
      t.is(readHashRange(body) === undefined, body.length !== 48)
      const read = readHashes(body)
      if (read) t.is(body.length, 48 + (read.range.length + uncleCount(read.range)) * 32)
    }),
  )
})

test('more nodes than 512, none at all, or a proof of more layers than there can be are refused', t => {
  const range: HashRange = { root: 'ab'.repeat(32), baseLayer: 0, index: 0, length: 513, proofLayers: 0 }
  t.is(readHashes(bodyOf(writeHashes(range, [Buffer.alloc(513 * 32)]))), undefined)
  t.is(readHashes(bodyOf(writeHashes({ ...range, length: 0 }, [Buffer.alloc(32)]))), undefined)
  const deep = { ...range, length: 1, proofLayers: 65 }
  t.is(readHashes(bodyOf(writeHashes(deep, [Buffer.alloc(67 * 32)]))), undefined)
})

test('proof layers that the row itself fills are left out', t => {
  const range = { root: '', baseLayer: 0, index: 0 }
  // BEP 52: the first log2(length) - 1 proof layers.
  t.is(uncleCount({ ...range, length: 2, proofLayers: 9 }), 9)
  t.is(uncleCount({ ...range, length: 512, proofLayers: 9 }), 1)
  t.is(uncleCount({ ...range, length: 512, proofLayers: 8 }), 0)
  t.is(uncleCount({ ...range, length: 512, proofLayers: 0 }), 0)
  t.is(uncleCount({ ...range, length: 3, proofLayers: 2 }), 1)
})
