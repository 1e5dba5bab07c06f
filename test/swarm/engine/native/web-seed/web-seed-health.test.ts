import test from 'ava'
import { P2pShareError } from '../../../../../src/core/index.ts'
import { WebSeedHealth } from '../../../../../src/swarm/engine/native/web-seed/web-seed-health.ts'
import { HttpAnswerError } from '../../../../../src/swarm/http-open.ts'

const failure = (cause?: unknown) => new P2pShareError('ERR_FETCH_FAILED', 'Cannot fetch it', { cause })
const answered = (status: number, retryAfterMs?: number) =>
  failure(new HttpAnswerError(status, `the server answered ${status}`, retryAfterMs))

function arrange() {
  const time = { ms: 0 }
  const health = new WebSeedHealth({ now: () => time.ms, random: () => 0.5 })
  const fail = (error: unknown) => {
    health.started()
    health.failed(error)
  }
  const succeed = () => {
    health.started()
    health.succeeded()
    health.proved()
  }
  return { time, health, fail, succeed }
}

test('a server gets one fetch at first, and up to four as it answers them', t => {
  const { health, succeed } = arrange()
  t.is(health.free, 1)
  for (let count = 0; count < 10; count++) succeed()
  t.is(health.free, 4)
  for (let count = 0; count < 4; count++) health.started()
  t.is(health.free, 0)
  health.aborted()
  t.is(health.free, 1)
})

test('of a server that has proved nothing, one piece waits for its verdict, and of another one eight', t => {
  const { health, time, succeed } = arrange()
  const deliver = () => {
    health.started()
    health.succeeded()
  }
  deliver()
  t.is(health.free, 0)
  health.proved()
  t.is(health.free, 2)
  for (let count = 0; count < 4; count++) succeed()
  for (let count = 0; count < 7; count++) deliver()
  t.is(health.free, 1)
  deliver()
  t.is(health.free, 0)
  time.ms += 10_001
  t.is(health.free, 4)
})

test('after a failure a server is left alone, longer each time, ten minutes at most', t => {
  const { health, time, fail } = arrange()
  const pauses: number[] = []
  for (let count = 0; count < 10; count++) {
    fail(failure())
    const from = time.ms
    while (health.free === 0) time.ms += 1_000
    pauses.push((time.ms - from) / 1_000)
  }
  t.deepEqual(pauses, [5, 10, 20, 40, 80, 160, 320, 600, 600, 600])
  t.is(health.givenUp, undefined)
})

for (const status of [401, 403, 404, 410, 416, 200, 206]) {
  test(`a server that answers ${status} to the first request is given up`, t => {
    const { health, fail, time } = arrange()
    fail(answered(status))
    t.is(health.givenUp, 'Cannot fetch it')
    time.ms = 1e9
    t.is(health.free, 0)
  })
}

for (const status of [408, 429, 500, 503]) {
  test(`a server that answers ${status} may be asked again`, t => {
    const { health, fail, time } = arrange()
    for (let count = 0; count < 20; count++) fail(answered(status))
    t.is(health.givenUp, undefined)
    time.ms = 1e9
    t.is(health.free, 1)
  })
}

test('a server that has served is given up after five refusals one after another, not after one', t => {
  const { health, fail, succeed } = arrange()
  succeed()
  for (let count = 0; count < 4; count++) fail(answered(404))
  succeed()
  for (let count = 0; count < 4; count++) fail(answered(404))
  t.is(health.givenUp, undefined)
  fail(answered(404))
  t.not(health.givenUp, undefined)
})

test('a server that says when to come again is asked no sooner', t => {
  const { health, fail, time } = arrange()
  fail(answered(503, 60_000))
  time.ms = 59_999
  t.is(health.free, 0)
  time.ms = 60_000
  t.is(health.free, 1)
})

test('a server at an address that is not allowed is given up', t => {
  const { health, fail } = arrange()
  fail(new P2pShareError('ERR_ADDRESS_NOT_ALLOWED', 'a private address'))
  t.is(health.givenUp, 'a private address')
})

test('a server whose pieces fail their hash is given up at the third', t => {
  const { health, succeed } = arrange()
  succeed()
  health.lied()
  health.lied()
  t.is(health.givenUp, undefined)
  health.lied()
  t.is(health.givenUp, 'what it sent failed its hash')
})
