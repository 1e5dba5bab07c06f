import test from 'ava'
import fc from 'fast-check'
import { TokenBucket } from '../../../../../src/swarm/engine/native/rate/token-bucket.ts'

function clock() {
  const time = { ms: 1_000 }
  return { time, now: () => time.ms }
}

test('without a rate everything passes at once', t => {
  const bucket = new TokenBucket(undefined)
  bucket.take(1e12)
  t.is(bucket.available(), Number.POSITIVE_INFINITY)
  t.is(bucket.msUntil(1e12), 0)
})

test('what was overdrawn is waited for, as long as it says', t => {
  const { time, now } = clock()
  const bucket = new TokenBucket(1_000_000, now)
  time.ms += 10_000
  const burst = bucket.available()
  bucket.take(burst + 50_000)
  t.is(bucket.available(), -50_000)
  t.is(bucket.msUntil(0), 50)
  t.is(bucket.msUntil(10_000), 60)
  time.ms += 60
  t.is(bucket.msUntil(10_000), 0)
})

test('nothing is saved up beyond a fifth of a second, and one block with its header always is', t => {
  const { time, now } = clock()
  const fast = new TokenBucket(1_000_000, now)
  const slow = new TokenBucket(1_000, now)
  time.ms += 3_600_000
  t.true(fast.available() <= 200_000)
  t.is(slow.available(), 16_397)
})

test('more than can ever be saved up is not waited for in vain', t => {
  const { time, now } = clock()
  const bucket = new TokenBucket(1_000, now)
  const ms = bucket.msUntil(1_000_000)
  t.true(Number.isFinite(ms))
  time.ms += ms
  t.is(bucket.msUntil(1_000_000), 0)
})

test('at rate 0 nothing passes, until the rate is another', t => {
  const { time, now } = clock()
  const bucket = new TokenBucket(0, now)
  time.ms += 60_000
  t.is(bucket.available(), 0)
  t.is(bucket.msUntil(1), Number.POSITIVE_INFINITY)
  bucket.rate = 1_000
  time.ms += 1
  t.is(bucket.available(), 1)
})

test('a new rate holds from now on: the old one counts until now, and a debt does not outlast it', t => {
  const { time, now } = clock()
  const bucket = new TokenBucket(10_000_000, now)
  bucket.take(5_000_000)
  bucket.rate = 100_000
  t.is(bucket.rate, 100_000)
  t.true(bucket.msUntil(0) <= 200)
  bucket.rate = undefined
  t.is(bucket.available(), Number.POSITIVE_INFINITY)
  time.ms += 60_000
  bucket.rate = 1_000
  t.true(bucket.available() <= 16_397)
})

test('over a minute the rate holds within 1 %, whatever is taken at once and however often', t => {
  fc.assert(
    fc.property(
      fc.integer({ min: 50_000, max: 100_000_000 }),
      fc.integer({ min: 1, max: 262_144 }),
      fc.integer({ min: 1, max: 90 }),
      (rate, chunk, everyMs) => {
        const { time, now } = clock()
        const bucket = new TokenBucket(rate, now)
        const drain = () => {
          let taken = 0
          while (bucket.available() > 0) {
            const bytes = Math.max(chunk, Math.ceil(rate / 10_000))
            bucket.take(bytes)
            taken += bytes
          }
          return taken
        }
        drain()
        const [startMs, owed] = [time.ms, -bucket.available()]
        let taken = 0
        while (time.ms - startMs < 60_000) {
          time.ms += everyMs
          taken += drain()
        }
        const due = (rate * (time.ms - startMs)) / 1000
        const stillOwed = -bucket.available()
        return Math.abs(taken + owed - stillOwed - due) <= due * 0.01
      },
    ),
    { numRuns: 30 },
  )
  t.pass()
})
