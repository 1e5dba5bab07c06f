import { getEventListeners } from 'node:events'
import test from 'ava'
import { raceAbort } from '../../src/core/abort.ts'

test('what settles first counts, and no listener is left behind', async t => {
  const { signal } = new AbortController()
  t.is(await raceAbort(Promise.resolve(1), signal), 1)
  await t.throwsAsync(raceAbort(Promise.reject(new Error('no')), signal), { message: 'no' })
  t.is(await raceAbort(Promise.resolve(2), undefined), 2)
  t.is(getEventListeners(signal, 'abort').length, 0)
})

test('aborting rejects with the reason, before or while waiting', async t => {
  const reason = new Error('enough')
  await t.throwsAsync(raceAbort(Promise.resolve(1), AbortSignal.abort(reason)), { is: reason })
  const controller = new AbortController()
  const waiting = raceAbort(new Promise(() => {}), controller.signal)
  controller.abort(reason)
  await t.throwsAsync(waiting, { is: reason })
  t.is(getEventListeners(controller.signal, 'abort').length, 0)
})
