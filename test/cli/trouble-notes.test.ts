import { EventEmitter } from 'node:events'
import test from 'ava'
import type { Env } from '../../src/cli/env.ts'
import { Printer } from '../../src/cli/printer.ts'
import { tellTroubles } from '../../src/cli/trouble-notes.ts'
import { P2pShareError } from '../../src/core/index.ts'
import type { Transfer } from '../../src/swarm/index.ts'

/** A transfer that only says what it is told to, and what is printed of that. */
function told(isJson: boolean) {
  const [out, err]: [string[], string[]] = [[], []]
  const writer = (lines: string[]) => ({ write: (text: string) => lines.push(text) })
  const env = { stdout: writer(out), stderr: writer(err) } as unknown as Env
  let reason: P2pShareError | undefined
  const transfer = Object.assign(new EventEmitter(), {
    name: 'clip.avi',
    infoHash: 'ab'.repeat(20),
    stats: () => ({ reason }),
  })
  const end = tellTroubles(transfer as unknown as Transfer, new Printer(env, isJson))
  const enter = (state: string, why?: P2pShareError) => {
    reason = why
    transfer.emit('state', state)
  }
  return { transfer, out, err, end, enter }
}

test('a disk that is full is said with what to do, and that it goes on', t => {
  const { err, enter } = told(false)
  enter('paused', new P2pShareError('ERR_DISK_FULL', 'No room left'))
  enter('downloading')
  t.is(err.length, 2)
  t.regex(err[0]!, /clip\.avi is halted .*: No room left\n/)
  t.regex(err[1]!, /goes on/)
})

test('a pause that was asked for is no trouble', t => {
  const { err, out, enter } = told(false)
  enter('paused')
  enter('downloading')
  t.deepEqual([err, out], [[], []])
})

test('a thousand banned peers are said in a few lines, and each as an event', t => {
  const { err, transfer } = told(false)
  for (let peer = 0; peer < 1_000; peer++)
    transfer.emit('banned', `10.0.0.1:${peer}`, 'its data failed its hash')
  t.is(err.length, 7)
  t.regex(err[1]!, /^clip\.avi: 3 peers banned: its data failed its hash\n$/)
  const json = told(true)
  json.transfer.emit('banned', '10.0.0.1:7', 'why')
  t.deepEqual(JSON.parse(json.out[0]!), {
    event: 'banned',
    infoHash: 'ab'.repeat(20),
    address: '10.0.0.1:7',
    reason: 'why',
  })
})

test('nothing is said any more once it has ended', t => {
  const { err, end, transfer, enter } = told(false)
  end()
  transfer.emit('banned', '10.0.0.1:7', 'why')
  enter('missing')
  t.deepEqual(err, [])
})
