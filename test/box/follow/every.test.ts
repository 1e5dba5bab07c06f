import test from 'ava'
import { readConfig } from '../../../src/box/config/read-config.ts'
import { everyMsOf } from '../../../src/box/follow/following.ts'

const every = (text: string) => everyMsOf(readConfig(`[follow]\nevery = "${text}"`, 'box.toml').follow)

test('what is followed is looked at every ten seconds at most, and a month is not taken for no time at all', t => {
  t.is(every('1ms'), 10_000)
  t.is(every('2m'), 120_000)
  // A timer of Node's that is set for longer goes off after a millisecond.
  t.is(every('30d'), 2 ** 31 - 1)
})
