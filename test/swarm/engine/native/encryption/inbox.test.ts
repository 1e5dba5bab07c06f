import test from 'ava'
import fc from 'fast-check'
import { Inbox } from '../../../../../src/swarm/engine/native/encryption/inbox.ts'

test('what is taken is what was added, in its order', t => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uint8Array(), fc.nat(30))), turns => {
      const inbox = new Inbox()
      const taken: Buffer[] = []
      for (const [bytes, wanted] of turns) {
        inbox.add(bytes)
        taken.push(inbox.take(Math.min(wanted, inbox.length)))
      }
      taken.push(inbox.take(inbox.length))
      t.deepEqual(Buffer.concat(taken), Buffer.concat(turns.map(([bytes]) => bytes)))
    }),
  )
})

test('what was added may change afterwards', t => {
  const inbox = new Inbox()
  const lent = Buffer.from('lent')
  inbox.add(lent)
  lent.fill(0)
  t.is(inbox.take(4).toString(), 'lent')
})

test('a place is counted from what is not taken yet', t => {
  const inbox = new Inbox()
  inbox.add(Buffer.from('needle and needle'))
  inbox.take(1)
  t.is(inbox.indexOf(Buffer.from('needle')), 10)
  t.is(inbox.indexOf(Buffer.from('thread')), -1)
})
