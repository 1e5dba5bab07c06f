import test from 'ava'
import { RateLimiter } from '../../src/http/index.ts'

test('a client has its burst at once, then one more for every token that flows in', t => {
  let now = 0
  const limiter = new RateLimiter({ burst: 3, perSecond: 2, now: () => now })
  const taken = Array.from({ length: 4 }, () => limiter.take('192.0.2.1'))
  t.deepEqual(taken, [0, 0, 0, 0.5])
  t.is(limiter.take('192.0.2.2'), 0, 'another client is not affected')
  now = 500
  t.is(limiter.take('192.0.2.1'), 0)
  t.true(limiter.take('192.0.2.1') > 0)
  now = 1_000_000
  t.deepEqual(
    Array.from({ length: 4 }, () => limiter.take('192.0.2.1') > 0),
    [false, false, false, true],
    'no more than the burst is saved up',
  )
  now = 2_000_000
  t.is(limiter.take('192.0.2.1', 2), 0)
  t.is(limiter.take('192.0.2.1', 2), 0.5, 'what costs two waits for two')
  t.is(limiter.take('192.0.2.1'), 0)
})

test('all addresses of an IPv6 /64 are one client, however they are written', t => {
  const limiter = new RateLimiter({ burst: 1, perSecond: 1, now: () => 0 })
  t.is(limiter.take('2001:db8:0:7::1'), 0)
  for (const same of ['2001:db8:0:7:ffff::', '2001:0DB8:0000:0007:1:2:3:4', '2001:db8::7:0:0:0:9'])
    t.true(limiter.take(same) > 0, same)
  t.is(limiter.take('2001:db8:0:8::1'), 0)
  t.is(limiter.take('::1'), 0)
})

test('however many clients come, only so many are remembered', t => {
  const limiter = new RateLimiter({ burst: 1, perSecond: 1, maxClients: 100, now: () => 0 })
  for (let number = 0; number < 10_000; number++) limiter.take(`10.0.${number >> 8}.${number & 255}`)
  t.is(limiter.size, 100)
})
