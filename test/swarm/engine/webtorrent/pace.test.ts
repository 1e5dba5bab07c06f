import test from 'ava'
import fc from 'fast-check'
import { Pace } from '../../../../src/swarm/engine/webtorrent/pace.ts'

test('over a long time no more passes than the rate and one burst', t => {
  const blocks = fc.array(fc.integer({ min: 1, max: 65_536 }), { minLength: 50, maxLength: 200 })
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1_000, max: 10_000_000 }), (blocks, rate) => {
      let nowMs = 0
      const pace = new Pace(() => nowMs)
      pace.rate = rate
      let bytes = 0
      for (const block of blocks) {
        nowMs += pace.delayMs(block)
        bytes += block
      }
      const fairMs = (bytes / rate) * 1_000
      return nowMs <= fairMs + 1 && nowMs >= fairMs - 100 - 1
    }),
  )
  t.pass()
})

test('without a rate nothing waits', t => {
  const pace = new Pace(() => 0)
  t.is(pace.delayMs(1e12), 0)
})
