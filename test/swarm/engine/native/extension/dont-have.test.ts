import test from 'ava'
import fc from 'fast-check'
import { readDontHave, writeDontHave } from '../../../../../src/swarm/engine/native/extension/dont-have.ts'

test('a piece that is had no more comes out as it went in', t => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), piece => {
      t.is(readDontHave(writeDontHave(piece)), piece)
    }),
  )
})

test('a payload that is not four bytes names no piece', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), payload => {
      t.is(readDontHave(payload) === undefined, payload.length !== 4)
    }),
  )
})
