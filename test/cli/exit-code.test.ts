import { readFileSync } from 'node:fs'
import test from 'ava'
import { exitCodeOf, exitCodes } from '../../src/cli/exit-code.ts'
import { remedies } from '../../src/cli/remedies.ts'
import { type ErrorCode, errorKinds } from '../../src/core/index.ts'

const text = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
const tableRows = text
  .split('\n')
  .filter(line => line.startsWith('|') && !line.startsWith('|---'))
  .map(line =>
    line
      .slice(1, -1)
      .split(' | ')
      .map(cell => cell.trim()),
  )
const codeRows = tableRows.filter(([first]) => first?.startsWith('`ERR_'))

test('docs/errors.md lists every code once, in the order of the source', t => {
  t.deepEqual(
    codeRows.map(([code]) => code),
    Object.keys(errorKinds).map(code => `\`${code}\``),
  )
})

for (const [cell, kind, exitCode, when, remedy] of codeRows) {
  const code = cell?.slice(1, -1) as ErrorCode
  test(`docs/errors.md says of ${code} what the command does`, t => {
    t.is(kind, errorKinds[code])
    t.is(exitCode, String(exitCodeOf(code)))
    t.is(remedy, remedies[code])
    t.true((when ?? '').length > 10)
  })
}

test('docs/errors.md lists every exit code', t => {
  const listed = tableRows.flatMap(([first]) => (/^\d+$/.test(first ?? '') ? [Number(first)] : []))
  t.deepEqual(
    listed,
    Object.values(exitCodes).sort((a, b) => a - b),
  )
})
