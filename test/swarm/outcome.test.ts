import test from 'ava'
import { P2pShareError } from '../../src/core/index.ts'
import { Ending } from '../../src/swarm/ending.ts'
import { Outcome } from '../../src/swarm/outcome.ts'

test('who asks before and who asks after are told the same, and only what came first', async t => {
  const outcome = new Outcome<number>()
  const before = outcome.promise
  outcome.resolve(1)
  outcome.resolve(2)
  outcome.reject(new Error('too late'))
  t.deepEqual([await before, await outcome.promise], [1, 1])
})

test('a failure is told to whoever asks, and harms nobody who does not', async t => {
  const outcome = new Outcome<number>()
  const before = outcome.promise
  outcome.reject(new Error('no'))
  await t.throwsAsync(before, { message: 'no' })
  await t.throwsAsync(outcome.promise, { message: 'no' })
  void new Outcome<number>().promise
})

test('a signal of what ends is aborted, asked for before or after; one that was forgotten is not', t => {
  const ending = new Ending()
  const forgotten = ending.signal
  ending.forgetSignal()
  const { signal } = ending
  t.notThrows(() => ending.throwIfEnded())
  const reason = new P2pShareError('ERR_STOPPED', 'it was stopped')
  ending.end(reason)
  ending.end(new P2pShareError('ERR_STOPPED', 'again'))
  t.deepEqual([forgotten.aborted, signal.reason, ending.reason], [false, reason, reason])
  ending.forgetSignal()
  t.is(ending.signal.reason, reason)
  t.is(
    t.throws(() => ending.throwIfEnded()),
    reason,
  )
})
