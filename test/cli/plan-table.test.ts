import test from 'ava'
import { displayWidth } from '../../src/cli/display-width.ts'
import type { Env, Screen } from '../../src/cli/env.ts'
import { formatPlanned } from '../../src/cli/plan-table.ts'

const env = { variables: { NO_COLOR: '1' } } as unknown as Env
const terminal = (columns: number) => ({ isTTY: true, columns }) as Screen
const long = 'A very long film about many animals of the zoo, with all that they do in a day'
const planned = [
  { name: long, sizeBytes: 4_200_000_000, why: 'nobody has counted its seeds' },
  {
    name: 'ライオンの動物園の映画ライオンの動物園の映画ライオンの動物園',
    sizeBytes: undefined,
    why: 'beyond the quota',
  },
  { name: 'clip\u001b[31m', sizeBytes: 1, why: `could not be fetched: ${long}` },
]

test('rows of a plan fit a terminal, with as much of the name and the reason as there is room for', async t => {
  for (const columns of [40, 80, 120]) {
    const lines = (await formatPlanned(planned, terminal(columns), env)).split('\n')
    t.is(lines.length, planned.length + 1)
    for (const line of lines) t.true(displayWidth(line) <= columns, line)
  }
  const [, first] = (await formatPlanned(planned.slice(0, 1), terminal(80), env)).split('\n')
  t.is(displayWidth(first!), 80)
  t.true(first!.endsWith('  nobody has counted its seeds'))
})

test('off a terminal the reasons of a plan are whole, and no name holds what steers one', async t => {
  const text = await formatPlanned(planned, { isTTY: false } as Screen, env)
  t.true(text.includes(`could not be fetched: ${long}`))
  t.false(text.includes('\u001b'))
})
