import test from 'ava'
import fc from 'fast-check'
import { Pipeline } from '../../../../../src/swarm/engine/native/torrent/pipeline.ts'

const blockLength = 16_384

function grow(pipeline: Pipeline, blocks: number): number {
  for (let block = 0; block < blocks; block++) pipeline.onBlock()
  return pipeline.target
}

test('it grows with each block, up to 64 before a piece was proved and up to 250 after', t => {
  const pipeline = new Pipeline()
  const first = pipeline.target
  t.is(grow(pipeline, 3), first + 3)
  t.is(grow(pipeline, 1_000), 64)
  pipeline.onIntact()
  t.is(grow(pipeline, 1_000), 250)
})

test('what the peer says that it keeps is never exceeded, and never more than 1,024', t => {
  const pipeline = new Pipeline()
  pipeline.onIntact()
  pipeline.setPeerLimit(5)
  t.is(pipeline.target, 5)
  t.is(grow(pipeline, 100), 5)
  pipeline.onSecond(100_000_000)
  pipeline.onSecond(100_000_000)
  t.is(pipeline.target, 5)
  pipeline.restart()
  t.is(pipeline.target, 5)
  pipeline.setPeerLimit(1_000_000)
  t.is(grow(pipeline, 5_000), 1_024)
})

test('a peer that keeps no requests at all is asked for one', t => {
  const pipeline = new Pipeline()
  pipeline.setPeerLimit(0)
  t.is(pipeline.target, 1)
})

test('once the rate grows no more, it is what comes in a second and a half', t => {
  const pipeline = new Pipeline()
  pipeline.onIntact()
  pipeline.onSecond(40 * blockLength)
  t.is(grow(pipeline, 100), 132, 'the first rate may be less than the peer can')
  pipeline.onSecond(41 * blockLength)
  t.is(pipeline.target, Math.ceil(41 * 1.5))
  t.is(grow(pipeline, 100), Math.ceil(41 * 1.5))
  pipeline.onSecond(80 * blockLength)
  t.is(pipeline.target, 120)
})

test('a peer that let us wait begins low, and grows again', t => {
  const pipeline = new Pipeline()
  pipeline.onIntact()
  pipeline.onSecond(20 * blockLength)
  pipeline.onSecond(20 * blockLength)
  grow(pipeline, 500)
  pipeline.restart()
  t.is(pipeline.target, 16)
  t.is(grow(pipeline, 10), 26)
})

test('whatever happens, at least one block is asked for and no more than the peer keeps', t => {
  const events = fc.oneof(
    fc.constant('block' as const),
    fc.constant('intact' as const),
    fc.constant('restart' as const),
    fc.double({ min: 0, max: 1e10, noNaN: true }),
  )
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 3_000 }), fc.array(events, { maxLength: 200 }), (limit, all) => {
      const pipeline = new Pipeline()
      pipeline.setPeerLimit(limit)
      for (const event of all) {
        if (event === 'block') pipeline.onBlock()
        else if (event === 'intact') pipeline.onIntact()
        else if (event === 'restart') pipeline.restart()
        else pipeline.onSecond(event)
        t.true(pipeline.target >= 1 && pipeline.target <= Math.min(Math.max(limit, 1), 1_024))
      }
    }),
  )
})
