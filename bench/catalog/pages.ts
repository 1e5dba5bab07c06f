import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findProgram } from '../../test/kit/external.ts'
import { JsonChild } from '../../test/kit/json-child.ts'
import { temporaryFolder } from '../../test/kit/temp-folder.ts'
import { type Measurement, measurement } from '../measurement.ts'
import { cpuSeconds } from '../process-usage.ts'
import { Teardown } from '../teardown.ts'

const script = fileURLToPath(new URL('../clients/site-child.ts', import.meta.url))
const connections = 50
const samples = 1_000

/** How many pages a site answers, with 50 connections that ask for one after another: `wrk`, where it is installed. */
export async function measurePages(database: string, quick: boolean): Promise<Measurement[]> {
  const wrk = findProgram('wrk')
  if (!wrk) return []
  await using all = new Teardown()
  const child = new JsonChild(all, 'site', process.execPath, [script])
  const home = await temporaryFolder(all, 'home')
  const { url } = await child.ask<{ url: string }>('start', { home, database })
  all.teardown(() => child.ask('stop').then(() => {}))
  const { ids } = await child.ask<{ ids: string[] }>('sample', { count: samples })
  const folder = await temporaryFolder(all, 'bench')
  const seconds = quick ? 2 : 15
  const measurements: Measurement[] = []
  for (const [name, paths] of [
    ['home page', ['/']],
    ['listing pages', ids.map(id => `/listing/${id}`)],
  ] as const) {
    const lua = join(folder, 'paths.lua')
    await writeFile(lua, luaOf(paths))
    const run = (duration: number) =>
      promisify(execFile)(wrk, ['-t1', `-c${connections}`, `-d${duration}s`, '-s', lua, url])
    await run(quick ? 1 : 5)
    const before = cpuSeconds(child.pid)
    const { stdout } = await run(seconds)
    const cores = (cpuSeconds(child.pid) - before) / seconds
    const [, perSecond, p95, failed] = /^figures (\S+) (\S+) (\S+)$/m.exec(stdout) ?? []
    if (failed !== '0') throw new Error(`Of the ${name} ${failed} requests failed: ${stdout}`)
    measurements.push(
      measurement(`${name}, 50 connections`, 'p2pshare', 'requests/s', [Number(perSecond)]),
      measurement(`${name}, 50 connections: p95`, 'p2pshare', 'ms', [Number(p95)]),
      measurement(`${name}, 50 connections: cores in use`, 'p2pshare', 'cores', [cores]),
    )
  }
  return measurements
}

function luaOf(paths: readonly string[]): string {
  return `
local paths = { ${paths.map(path => `'${path}'`).join(', ')} }
local next = 0
request = function()
  next = next % #paths + 1
  return wrk.format('GET', paths[next])
end
done = function(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('figures %f %f %d\\n', summary.requests / summary.duration * 1e6, latency:percentile(95) / 1000, failed))
end
`
}
