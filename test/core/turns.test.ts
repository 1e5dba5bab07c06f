import test from 'ava'
import { Turns } from '../../src/core/turns.ts'

test('no more than so many work at once, and those who wait come in their order', async t => {
  const turns = new Turns(2)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const work = (number: number) => () => {
    begun.push(number)
    return new Promise<number>(resolve => ends.push(() => resolve(number)))
  }
  const all = [0, 1, 2, 3].map(number => turns.run(work(number)))
  t.deepEqual(begun, [0, 1])
  ends[1]!()
  t.is(await all[1], 1)
  t.deepEqual(begun, [0, 1, 2])
  ends[0]!()
  ends[2]!()
  await all[2]
  ends[3]!()
  t.deepEqual(await Promise.all(all), [0, 1, 2, 3])
})

test('work that fails gives its turn to the next', async t => {
  const turns = new Turns(1)
  const failing = turns.run(() => Promise.reject(new Error('no')))
  const next = turns.run(async () => 'yes')
  await t.throwsAsync(failing, { message: 'no' })
  t.is(await next, 'yes')
})

test('who is aborted while waiting never begins, and nobody waits behind it', async t => {
  const turns = new Turns(1)
  const first = Promise.withResolvers<void>()
  const running = turns.run(() => first.promise)
  const controller = new AbortController()
  const reason = new Error('enough')
  const aborted = turns.run(async () => t.fail('it began'), { signal: controller.signal })
  const last = turns.run(async () => 'yes')
  controller.abort(reason)
  t.is(await t.throwsAsync(aborted), reason)
  first.resolve()
  await running
  t.is(await last, 'yes')
})
