// Measures p2pshare beside other clients: npm run bench [-- --quick] [--only transfer,album]
import { mkdtempSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { isBuildFresh } from '../build/freshness.ts'
import { formatVerdicts } from './aims.ts'
import type { BenchOptions, Measurement } from './measurement.ts'
import { formatTable } from './table.ts'

const benches: Record<string, () => Promise<{ default: (options: BenchOptions) => Promise<Measurement[]> }>> =
  {
    create: () => import('./create.ts'),
    transfer: () => import('./transfer.ts'),
    encrypted: () => import('./encrypted.ts'),
    album: () => import('./album.ts'),
    swarm: () => import('./swarm.ts'),
    crowd: () => import('./crowd.ts'),
    seedbox: () => import('./seedbox.ts'),
    stream: () => import('./stream.ts'),
    loop: () => import('./loop.ts'),
    restart: () => import('./restart.ts'),
    catalog: () => import('./catalog.ts'),
    follow: () => import('./follow.ts'),
    shelf: () => import('./shelf.ts'),
    drop: () => import('./drop.ts'),
    busy: () => import('./busy.ts'),
    day: () => import('./day.ts'),
  }

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
})
const chosen = values.only?.flatMap(names => names.split(',')) ?? Object.keys(benches)
const unknown = chosen.find(name => !Object.hasOwn(benches, name))
if (unknown !== undefined) {
  console.error(`There is no bench called ${unknown}: take ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}

// Run from sources, each thread would read and strip the types of all that it loads first: what users run is measured.
if (!isBuildFresh(fileURLToPath(new URL('..', import.meta.url)))) {
  console.error('The build is older than the sources: npm run bench builds first')
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
const failures: Record<string, string> = {}
const results = new URL('results.json', import.meta.url)
for (const name of chosen) {
  const begun = performance.now()
  try {
    const { default: measure } = await benches[name]!()
    const onFailure = (part: string, error: unknown) => {
      failures[`${name}: ${part}`] = String(error)
      console.error(`\n${name}: ${part} failed:`, error)
    }
    const measured = await measure({ quick: values.quick, onFailure })
    measurements.push(...measured)
    console.log(`\n${name}, ${seconds(begun)} s\n${formatTable(measured)}`)
  } catch (error) {
    // The others are worth their time all the same.
    failures[name] = String(error)
    console.error(`\n${name} failed after ${seconds(begun)} s:`, error)
  }
  // After each, so that what was measured outlives whatever comes.
  const all = { machine, quick: values.quick, failures, measurements }
  await writeFile(results, `${JSON.stringify(all, null, 2)}\n`)
}
console.log(`\n${formatVerdicts(measurements)}`)
process.exit(Object.keys(failures).length > 0 ? 1 : 0)

function seconds(begun: number): string {
  return ((performance.now() - begun) / 1000).toFixed(0)
}
