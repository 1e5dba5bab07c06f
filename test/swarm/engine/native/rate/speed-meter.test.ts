import test from 'ava'
import fc from 'fast-check'
import { SpeedMeter } from '../../../../../src/swarm/engine/native/rate/speed-meter.ts'

function meterAt(ms = 12_345) {
  const time = { ms }
  return { time, meter: new SpeedMeter(() => time.ms) }
}

test('nothing yet is no rate', t => {
  const { meter, time } = meterAt()
  t.is(meter.rate(), 0)
  time.ms += 60_000
  t.is(meter.rate(), 0)
  t.is(meter.total, 0)
})

test('a steady stream has its rate, from the first second on', t => {
  const { meter, time } = meterAt()
  for (let tick = 1; tick <= 2_000; tick++) {
    time.ms += 10
    meter.add(10_000)
    if (tick >= 100) t.true(Math.abs(meter.rate() - 1_000_000) < 25_000, `${tick}: ${meter.rate()}`)
  }
  t.is(meter.total, 20_000_000)
})

test('a stream that stops has no rate five seconds later, and its total still', t => {
  const { meter, time } = meterAt()
  meter.add(1_000_000)
  time.ms += 2_000
  t.is(meter.rate(), 500_000)
  time.ms += 3_001
  t.is(meter.rate(), 0)
  t.is(meter.total, 1_000_000)
})

test('the first bytes after silence are not measured against the silence', t => {
  const { meter, time } = meterAt()
  meter.add(1)
  time.ms += 3_600_000
  meter.add(100_000)
  time.ms += 1_000
  t.is(meter.rate(), 100_000)
})

test('the first moment does not look like the speed of light', t => {
  const { meter } = meterAt()
  meter.add(16_384)
  t.is(meter.rate(), 163_840)
})

test('the rate is never negative, not a number, or above all there was within a tenth of a second', t => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(8_000), fc.nat(10_000_000))), steps => {
      const { meter, time } = meterAt(0)
      let total = 0
      for (const [ms, bytes] of steps) {
        time.ms += ms
        meter.add(bytes)
        total += bytes
        const rate = meter.rate()
        if (!(rate >= 0 && rate <= total * 10)) return false
      }
      return meter.total === total
    }),
  )
  t.pass()
})
