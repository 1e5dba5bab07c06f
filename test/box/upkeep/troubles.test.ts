import test from 'ava'
import { troublesOf } from '../../../src/box/upkeep/troubles.ts'
import { P2pShareError } from '../../../src/index.ts'
import { makeItem } from '../../kit/box-item.ts'

const full = new P2pShareError('ERR_DISK_FULL', 'No room left to write /disk: free some space')
const gone = new P2pShareError('ERR_PATH_NOT_FOUND', 'There is nothing at /album')

test('what holds transfers up is told once, with how many it holds up, the widest first', t => {
  const items = [
    makeItem({}, { state: 'missing', stats: { reason: gone } }),
    makeItem({}, { state: 'paused', stats: { reason: full } }),
    makeItem({}, { state: 'paused', stats: { reason: full } }),
    makeItem({}, { state: 'seeding' }),
  ]
  t.deepEqual(troublesOf(items), [
    { code: 'ERR_DISK_FULL', message: full.message, transfers: 2 },
    { code: 'ERR_PATH_NOT_FOUND', message: gone.message, transfers: 1 },
  ])
})

test('a transfer that is held on purpose is no trouble', t => {
  const item = makeItem({}, { state: 'paused', stats: { reason: full } })
  item.hold = 'paused'
  t.deepEqual(troublesOf([item]), [])
})

test('one that could not be started is', t => {
  const item = makeItem()
  item.problem = gone
  t.is(troublesOf([item])[0]?.transfers, 1)
})
