import { mock } from 'node:test'
import test from 'ava'
import { UploadTurns } from '../../../../../src/swarm/engine/native/rate/upload-turns.ts'

const time = mock.timers
test.beforeEach(() => time.enable({ apis: ['setTimeout'] }))
test.afterEach.always(() => time.reset())

interface Sender {
  allowed: number
  isFirst?: boolean
}

/** Has somebody wait until it had `wanted` turns; each uses up one of `sender.allowed`. */
function queue(turns: UploadTurns<string>, log: string[], sender: Sender) {
  return (name: string, wanted: number, isFirst = false) => {
    const turn = {
      take: () => {
        log.push(name)
        sender.allowed--
        if (--wanted > 0) turns.wait(name, turn)
      },
      isFirst: () => isFirst,
      msUntilAllowed: () => (sender.allowed > 0 ? 0 : 40),
    }
    turns.wait(name, turn)
  }
}

test.serial('those who wait take turns, a round each', t => {
  const [turns, log] = [new UploadTurns<string>(), [] as string[]]
  const add = queue(turns, log, { allowed: 100 })
  add('a', 2)
  add('b', 3)
  t.deepEqual(log, [], 'not before the caller is done')
  time.tick(1)
  t.deepEqual(log, ['a', 'b', 'a', 'b', 'b'])
})

test.serial('those who are first go before the others, who have a turn now and then', t => {
  const [turns, log] = [new UploadTurns<string>(), [] as string[]]
  const add = queue(turns, log, { allowed: 1_000 })
  add('last', 1)
  add('first', 40, true)
  time.tick(1)
  t.is(log.indexOf('last'), 32)
  t.is(log.length, 41)
})

test.serial('nobody has a turn while the limits let nothing pass, and all go on where they were', t => {
  const sender = { allowed: 3 }
  const [turns, log] = [new UploadTurns<string>(), [] as string[]]
  const add = queue(turns, log, sender)
  add('a', 3)
  add('b', 3)
  time.tick(1)
  t.deepEqual(log, ['a', 'b', 'a'])
  time.tick(200)
  t.is(log.length, 3)
  sender.allowed = 2
  time.tick(40)
  t.deepEqual(log, ['a', 'b', 'a', 'b', 'a'])
})

test.serial('a limit of nothing at all is looked at again, so that lifting it is noticed', t => {
  const turns = new UploadTurns<string>()
  let untilMs = Number.POSITIVE_INFINITY
  let looks = 0
  let isTaken = false
  turns.wait('a', {
    take: () => {
      isTaken = true
    },
    isFirst: () => false,
    msUntilAllowed: () => {
      looks++
      return untilMs
    },
  })
  time.tick(1_000)
  t.true(looks < 20, `${looks}`)
  untilMs = 0
  time.tick(250)
  t.true(isTaken)
})

test.serial('who is forgotten has no turn, nor has anybody once it is stopped', t => {
  const [turns, log] = [new UploadTurns<string>(), [] as string[]]
  const add = queue(turns, log, { allowed: 100 })
  add('a', 1)
  add('b', 1)
  turns.forget('a')
  time.tick(1)
  t.deepEqual(log, ['b'])
  add('c', 1)
  turns.stop()
  time.tick(1_000)
  t.deepEqual(log, ['b'])
})
