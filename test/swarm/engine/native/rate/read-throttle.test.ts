import { mock } from 'node:test'
import test from 'ava'
import { ReadThrottle } from '../../../../../src/swarm/engine/native/rate/read-throttle.ts'
import { TokenBucket } from '../../../../../src/swarm/engine/native/rate/token-bucket.ts'

const time = mock.timers
test.beforeEach(() => time.enable({ apis: ['setTimeout'] }))
test.afterEach.always(() => time.reset())

class Connection {
  isPaused = false
  pauses = 0
  pause(): void {
    this.isPaused = true
    this.pauses++
  }
  resume(): void {
    this.isPaused = false
  }
}

/** Buckets of which the first one has 1 MB/s, with a clock that goes with the timers. */
function setUp() {
  const clock = { ms: 0 }
  const bucket = new TokenBucket(1_000_000, () => clock.ms)
  const pass = (ms: number) => {
    for (let step = 0; step < ms; step += 10) {
      clock.ms += 10
      time.tick(10)
    }
  }
  return { throttle: new ReadThrottle(), buckets: [bucket, new TokenBucket(undefined)], pass }
}

test.serial('a connection is read from while the limits have something left', t => {
  const { throttle, buckets, pass } = setUp()
  const connection = new Connection()
  pass(1_000)
  throttle.onRead(connection, 100_000, buckets)
  t.is(connection.pauses, 0)
})

test.serial('who took too much is paused until what was taken is due', t => {
  const { throttle, buckets, pass } = setUp()
  const connection = new Connection()
  throttle.onRead(connection, 500_000, buckets)
  t.true(connection.isPaused)
  pass(490)
  t.true(connection.isPaused)
  pass(20)
  t.false(connection.isPaused)
})

test.serial('two that read as much as they may share the limit alike, and keep it', t => {
  const { throttle, buckets, pass } = setUp()
  const taken = [0, 0]
  const connections = taken.map(() => new Connection())
  for (let round = 0; round < 1_000; round++) {
    for (const [at, connection] of connections.entries()) {
      if (connection.isPaused) continue
      throttle.onRead(connection, 65_536, buckets)
      taken[at]! += 65_536
    }
    pass(10)
  }
  const [one = 0, two = 0] = taken
  t.true(Math.abs(one + two - 10_000_000) < 200_000, `${one + two}`)
  t.true(Math.abs(one - two) < 200_000, `${one}, ${two}`)
})

test.serial('who is forgotten is not resumed, nor is anybody once it is stopped', t => {
  const { throttle, buckets, pass } = setUp()
  const [gone, stopped] = [new Connection(), new Connection()]
  throttle.onRead(gone, 100_000, buckets)
  throttle.onRead(stopped, 100_000, buckets)
  throttle.forget(gone)
  throttle.stop()
  pass(5_000)
  t.true(gone.isPaused)
  t.true(stopped.isPaused)
})
