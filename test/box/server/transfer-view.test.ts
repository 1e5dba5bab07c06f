import test from 'ava'
import { viewOf } from '../../../src/box/server/transfer-view.ts'
import { makeItem } from '../../kit/box-item.ts'

test('rates are told in whole bytes a second', t => {
  const rates = { downloadBytesPerSecond: 308_622.816_531, uploadBytesPerSecond: 0.4 }
  t.like(viewOf(makeItem({}, { stats: rates }), 0), {
    downloadBytesPerSecond: 308_623,
    uploadBytesPerSecond: 0,
  })
})
