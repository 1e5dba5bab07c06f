// A box, from its sources, whose clock stands until its parent moves it; everything else of it is real.
import { readdirSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Box } from '../../src/box/index.ts'
import { findHome } from '../../src/core/index.ts'
import { FakeBoxClock } from '../../test/kit/box-clock.ts'
import { serveCommands } from './json-lines.js'

/** What the box does by its clock, it does at most so often: history every ten seconds. */
const stepMs = 10_000
const midnight = new Date(2026, 0, 5)
const clock = new FakeBoxClock(midnight)
let box: Box
let home: string

await serveCommands({
  async start({ folder }: { folder: string }) {
    home = folder
    box = await Box.start({
      home,
      listen: { host: '127.0.0.1', port: 0 },
      network: { port: 0, dht: false, lsd: false, pex: false, nat: false },
      clock,
    })
    return { url: box.url, port: box.swarm.port }
  },
  /** Lets an hour go by. */
  async hour() {
    for (let ms = 0; ms < 3_600_000; ms += stepMs) {
      clock.move(stepMs)
      await turn()
    }
    return {}
  },
  async weigh() {
    // Twice: what finalizers let go of goes with the second.
    globalThis.gc!()
    await turn()
    globalThis.gc!()
    const { state, data } = findHome(home)
    return {
      heapBytes: process.memoryUsage().heapUsed,
      descriptors: readdirSync('/proc/self/fd').length,
      databaseBytes: await sizeOf(join(data, 'box.db'), join(data, 'box.db-wal')),
      logBytes: await sizeOf(join(state, 'box.log')),
    }
  },
  async stop() {
    await box.stop()
    return {}
  },
})

async function sizeOf(...paths: string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async path => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
