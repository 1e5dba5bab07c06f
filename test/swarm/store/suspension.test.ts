import test from 'ava'
import { Suspension } from '../../../src/swarm/store/suspension.ts'

test('who is alone waits for those before and keeps those after waiting', async t => {
  const suspension = new Suspension()
  const log: string[] = []
  const [first, alone] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const before = suspension.use(async () => {
    await first.promise
    log.push('before')
  })
  const single = suspension.alone(async () => {
    log.push('alone')
    await alone.promise
    log.push('alone ends')
  })
  const after = suspension.use(async () => void log.push('after'))
  t.deepEqual(log, [])
  first.resolve()
  await before
  alone.resolve()
  await Promise.all([single, after])
  t.deepEqual(log, ['before', 'alone', 'alone ends', 'after'])
})

test('work that fails lets the others go on', async t => {
  const suspension = new Suspension()
  const fail = () => Promise.reject(new Error('no'))
  await t.throwsAsync(suspension.alone(fail), { message: 'no' })
  await t.throwsAsync(suspension.use(fail), { message: 'no' })
  t.is(await suspension.alone(async () => 5), 5)
  t.is(await suspension.use(async () => 6), 6)
})

test('two who want to be alone are so one after the other', async t => {
  const suspension = new Suspension()
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await new Promise(setImmediate)
    inside--
  }
  await Promise.all([
    suspension.alone(work),
    suspension.alone(work),
    suspension.use(work),
    suspension.alone(work),
  ])
  t.is(most, 1)
})
