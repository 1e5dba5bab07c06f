import test from 'ava'
import { loadEngines, type TestedEngine } from '../../kit/engines.ts'
import { heldBytes } from '../../kit/hostile/memory.ts'
import { leftHandles, openHandles } from '../../kit/simulation/handles.ts'
import { simulate } from '../../kit/simulation/simulate.ts'
import { waitUntil } from '../../kit/wait-until.ts'

const engines = await loadEngines()
const native = engines.filter(({ name }) => name === 'native')
const mebibyte = 1024 * 1024

const runs: readonly { seed: number; who: string; engines: readonly TestedEngine[] }[] = [
  { seed: 1, who: 'native engines', engines: native },
  { seed: 2, who: 'native engines', engines: native },
  { seed: 3, who: 'engines of both kinds', engines },
]

// One after the other: they share the loopback interface and the count of handles.
for (const { seed, who, engines } of runs)
  test.serial(`${who} on bad lines, among liars, all end with identical bytes (seed ${seed})`, async t => {
    const handles = openHandles()
    const told: string[] = []
    const undo: (() => unknown)[] = []
    try {
      const owner = { teardown: (end: () => unknown) => void undo.push(end) }
      const report = await simulate(owner, {
        seed,
        engines,
        troubleMs: 4_000,
        onEvent: event => told.push(event),
      })
      t.deepEqual(report.differing, [])
    } finally {
      for (const end of undo.reverse()) await end()
      if (!t.passed) t.log(told.join('\n'))
    }
    await waitUntil('no socket or timer is left', () => Object.keys(leftHandles(handles)).length === 0, {
      state: () => leftHandles(handles),
    })
  })

test.serial('a second simulation holds no more memory than the first', async t => {
  const held: number[] = []
  for (let round = 0; round < 2; round++) {
    const undo: (() => unknown)[] = []
    await simulate({ teardown: end => void undo.push(end) }, { seed: 23, engines: native, troubleMs: 1_000 })
    for (const end of undo.reverse()) await end()
    held.push(heldBytes())
  }
  t.true(held[1]! - held[0]! < 8 * mebibyte, `${held.map(bytes => Math.round(bytes / mebibyte))} MiB`)
})
