// Measures p2pshare beside other clients: npm run bench [-- --quick] [--only create|transfer|restart|catalog|follow]
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { BenchOptions, Measurement } from './measurement.ts'
import { formatTable } from './table.ts'

const benches: Record<string, () => Promise<{ default: (options: BenchOptions) => Promise<Measurement[]> }>> =
  {
    create: () => import('./create.ts'),
    transfer: () => import('./transfer.ts'),
    restart: () => import('./restart.ts'),
    catalog: () => import('./catalog.ts'),
    follow: () => import('./follow.ts'),
  }

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const chosen = values.only === undefined ? Object.keys(benches) : [values.only]
const unknown = chosen.find(name => !(name in benches))
if (unknown !== undefined) {
  console.error(`There is no bench called ${unknown}: take ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

// Whatever is measured writes below one folder, which goes however this ends.
const scratch = mkdtempSync(join(tmpdir(), 'p2pshare-bench-'))
process.env.TMPDIR = scratch
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

const machine = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`
console.log(`${machine}${values.quick ? ', quick: these figures say nothing' : ''}`)
const measurements: Measurement[] = []
for (const name of chosen) {
  const { default: measure } = await benches[name]!()
  const measured = await measure({ quick: values.quick })
  measurements.push(...measured)
  console.log(`\n${formatTable(measured)}`)
}
const results = new URL('results.json', import.meta.url)
await writeFile(results, `${JSON.stringify({ machine, quick: values.quick, measurements }, null, 2)}\n`)
