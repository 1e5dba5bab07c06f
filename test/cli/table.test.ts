import test from 'ava'
import { type Env, systemClock } from '../../src/cli/env.ts'
import { formatFacts, formatTable } from '../../src/cli/table.ts'

const env: Env = {
  args: [],
  cwd: '/',
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  variables: { NO_COLOR: '1' },
  clock: systemClock,
  signal: new AbortController().signal,
  interrupt: () => {},
  onHangUp: () => () => {},
  program: ['p2pshare'],
}

test('columns stand below their headings, right where the heading asks for it, with no spaces at the ends', async t => {
  const rows = [
    ['1', '1.2 MB', 'trip/日本.jpg'],
    ['12', '3 kB', 'trip/b.jpg'],
  ]
  t.is(
    await formatTable(['>#', '>Size', 'Path'], rows, env.stdout, env),
    ' #    Size  Path\n 1  1.2 MB  trip/日本.jpg\n12    3 kB  trip/b.jpg',
  )
})

test('facts without a value are left out', async t => {
  const facts = [
    ['Name', 'zoo'],
    ['Camera', undefined],
    ['Duration', '5s'],
  ] as const
  t.is(await formatFacts(facts, env.stdout, env), 'Name      zoo\nDuration  5s')
})

test('a table of many rows keeps its columns in line from the first row to the last', async t => {
  const rows = Array.from({ length: 5000 }, (_, index) => [`${index + 1}`, 'ok', `trip/${index}.jpg`])
  const lines = (await formatTable(['>#', 'Status', 'Path'], rows, env.stdout, env)).split('\n')
  t.is(lines.length, 5001)
  t.deepEqual([...new Set(lines.map(line => line.search(/trip|Path/)))], [14])
  t.is(lines[0], '   #  Status  Path')
  t.is(lines[5000], '5000  ok      trip/4999.jpg')
})

test('of many rows none is cut where a letter takes two columns', async t => {
  const rows = Array.from({ length: 101 }, () => ['動物園の日', 'ok'])
  const table = await formatTable(['Name', 'Status'], rows, env.stdout, env)
  t.false(table.includes('…'))
  t.is(table.split('\n').at(-1), '動物園の日  ok')
})

test('a table without rows is its heading', async t => {
  t.is(await formatTable(['Path'], [], env.stdout, env), 'Path')
})
