// Tries the property tests of every decoder many times: npm run fuzz [-- --runs 100000] [-- file …]
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '100000' } },
  allowPositionals: true,
})
if (!/^[1-9]\d*$/.test(values.runs)) {
  console.error(`--runs takes a whole number, not ${values.runs}`)
  process.exit(2)
}

// Those that open sockets or files for each try are left to the usual number of them.
const rooms = 'test/{core,swarm}/**/*.test.ts'
const isFuzzed = (file: string) => /from 'fast-check'/.test(readFileSync(`${root}/${file}`, 'utf8'))
const files = positionals.length > 0 ? positionals : globSync(rooms, { cwd: root }).filter(isFuzzed).sort()
console.log(`${values.runs} tries of each property in ${files.length} files`)
const env = { ...process.env, FC_NUM_RUNS: values.runs }
const options = { cwd: root, env, stdio: 'inherit' } as const
const { status } = spawnSync(
  process.execPath,
  ['node_modules/ava/entrypoints/cli.js', '--timeout', '6h', '--concurrency', '1', ...files],
  options,
)
process.exit(status ?? 1)
