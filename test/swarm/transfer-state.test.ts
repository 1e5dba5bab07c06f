import test from 'ava'
import { canFollow, type TransferState } from '../../src/swarm/transfer-state.ts'

const all: TransferState[] = [
  'finding',
  'checking',
  'downloading',
  'seeding',
  'paused',
  'missing',
  'failed',
  'stopped',
]

test('a transfer that was stopped stays so', t => {
  for (const state of all) t.false(canFollow('stopped', state), state)
})

test('every transfer can be stopped, and every running one can fail', t => {
  for (const state of all) {
    if (state === 'stopped') continue
    t.true(canFollow(state, 'stopped'), state)
    if (state !== 'failed') t.true(canFollow(state, 'failed'), state)
  }
})

test('nothing is fetched or served before what is on disk was looked at', t => {
  t.false(canFollow('finding', 'downloading'))
  t.false(canFollow('finding', 'seeding'))
  t.true(canFollow('checking', 'seeding'))
})

test('a pause or a missing file is not the end', t => {
  for (const state of ['paused', 'missing'] as const) {
    t.true(canFollow(state, 'downloading'), state)
    t.true(canFollow(state, 'seeding'), state)
  }
})
