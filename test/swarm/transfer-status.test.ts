import test from 'ava'
import fc from 'fast-check'
import { P2pShareError } from '../../src/core/index.ts'
import { canFollow, type TransferState } from '../../src/swarm/transfer-state.ts'
import { type StatusFacts, TransferStatus } from '../../src/swarm/transfer-status.ts'

const diskFull = new P2pShareError('ERR_DISK_FULL', 'No room left')
const gone = new P2pShareError('ERR_SOURCE_CHANGED', 'The file is gone')

test('a pause that was asked for has no reason, one that was not has', t => {
  const status = new TransferStatus(() => {})
  status.set({ hasMetadata: true, isChecking: true })
  status.set({ isChecking: false })
  status.set({ isHeld: true })
  t.deepEqual([status.state, status.reason], ['paused', undefined])
  status.set({ isHeld: false })
  t.is(status.state, 'downloading')
  status.set({ stalled: diskFull })
  t.deepEqual([status.state, status.reason], ['paused', diskFull])
  status.set({ isHeld: true })
  t.deepEqual([status.state, status.reason], ['paused', undefined])
  status.set({ isHeld: false })
  t.deepEqual([status.state, status.reason], ['paused', diskFull])
})

test('a lost file goes before a full disk, and the end before everything', t => {
  const states: TransferState[] = []
  const status = new TransferStatus(state => states.push(state))
  status.set({ hasMetadata: true, isChecking: true })
  status.set({ isChecking: false, isComplete: true })
  status.set({ lost: gone, stalled: diskFull })
  t.deepEqual([status.state, status.reason], ['missing', gone])
  status.set({ lost: undefined, stalled: undefined })
  status.set({ ended: { state: 'stopped', reason: undefined } })
  status.set({ lost: gone, isHeld: true, isChecking: true })
  t.deepEqual(states, ['checking', 'seeding', 'missing', 'seeding', 'stopped'])
})

test('whatever happens, each state follows from the one before by a legal step, and the last one by the facts', t => {
  const error = fc.constantFrom(undefined, diskFull, gone)
  const change = fc.record(
    {
      isChecking: fc.boolean(),
      isComplete: fc.boolean(),
      isHeld: fc.boolean(),
      hasMetadata: fc.constant(true),
      stalled: error,
      lost: error,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), changes => {
      let last: TransferState = 'finding'
      const status = new TransferStatus(state => {
        t.true(canFollow(last, state), `${last} → ${state}`)
        last = state
      })
      // As a transfer does it: the disk is looked at as soon as the metadata is known.
      for (const facts of [{ hasMetadata: true, isChecking: true }, ...changes])
        status.set(facts as Partial<StatusFacts>)
      const { isChecking, isHeld, lost, stalled, isComplete } = status.facts
      const expected = isChecking
        ? 'checking'
        : isHeld
          ? 'paused'
          : lost
            ? 'missing'
            : stalled
              ? 'paused'
              : isComplete
                ? 'seeding'
                : 'downloading'
      t.is(status.state, expected)
    }),
  )
})
