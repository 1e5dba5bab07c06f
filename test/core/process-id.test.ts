import test from 'ava'
import { signalProcessGroup } from '../../src/core/process-id.ts'

test('only a group of its own is signalled: not all processes, nor our own group', t => {
  for (const group of [-1, 0, 1, 1.5, Number.NaN])
    t.throws(() => signalProcessGroup(group, 'SIGTERM'), { instanceOf: RangeError })
})

test('that a group is not there is no matter', t => {
  t.notThrows(() => signalProcessGroup(2 ** 30, 'SIGTERM'))
})
