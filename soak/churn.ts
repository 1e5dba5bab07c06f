import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Teardown } from '../bench/teardown.ts'
import { completed } from '../test/kit/completed.ts'
import type { TestedEngine } from '../test/kit/engines.ts'
import { RawPeer } from '../test/kit/hostile/raw-peer.ts'
import { hello, message } from '../test/kit/hostile/speech.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import { sampleBytes, writeSampleFile } from '../test/kit/sample-files.ts'
import { Random } from '../test/kit/simulation/random.ts'
import { addressOf, startSwarm } from '../test/kit/swarm.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { growthIn, printSample, type Sample } from './growth.ts'
import type { SoakInit } from './simulations.ts'

interface Usage {
  readonly memoryBytes: number
  readonly handles: number
  readonly peers: number
}

const clipBytes = 8_000_001
const sampleEveryMs = 15_000
const resident = fileURLToPath(new URL('resident.ts', import.meta.url))

/** Has leeches, seeds and liars come to a swarm that stays, and go again. Answers whether its memory and handles stay flat. */
export async function churn({ minutes, seed, engines }: SoakInit): Promise<boolean> {
  await using owner = new Teardown()
  const random = new Random(seed)
  const home = await temporaryFolder(owner, 'resident')
  const child = new JsonChild(owner, 'the resident', process.execPath, [resident, home, engines[0]!.name])
  const clip = await writeSampleFile(join(home, 'clip.avi'), clipBytes)
  const { magnetLink } = await child.ask<{ magnetLink: string }>('seed', { path: clip })
  const { port } = await child.ask<{ port: number }>('port')
  const visits: Record<string, () => Promise<void>> = {
    leech: () => leechVisits(magnetLink, `127.0.0.1:${port}`, random.pick(engines)),
    seed: () => seedVisits(child, home, random.pick(engines), random),
    liar: () => liarVisits(magnetLink, `127.0.0.1:${port}`, random),
  }
  const counts: Record<string, number> = {}
  const samples: Sample[] = []
  const started = performance.now()
  let sampledMs = 0
  while (performance.now() - started < minutes * 60_000) {
    const kind = random.pick(Object.keys(visits))
    counts[kind] = (counts[kind] ?? 0) + 1
    await visits[kind]!()
    const nowMs = performance.now() - started
    if (nowMs - sampledMs < sampleEveryMs) continue
    sampledMs = nowMs
    const { memoryBytes, handles, peers } = await child.ask<Usage>('usage')
    const visited = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
    samples.push({
      minutes: nowMs / 60_000,
      memoryBytes,
      handles,
      note: `${peers} peers; ${visited.join(', ')}`,
    })
    printSample(samples.at(-1)!)
  }
  const growth = growthIn(samples)
  if (growth) console.error(`It is not flat: ${growth}`)
  return growth === undefined
}

async function leechVisits(magnetLink: string, address: string, engine: TestedEngine): Promise<void> {
  await using owner = new Teardown()
  const swarm = await startSwarm(owner, { engine: engine.factory })
  const copy = await swarm.get(magnetLink, { out: await temporaryFolder(owner), peers: [address] })
  await completed(copy)
}

/** A new torrent comes from a visitor to the resident, which then drops it. */
async function seedVisits(
  child: JsonChild,
  home: string,
  engine: TestedEngine,
  random: Random,
): Promise<void> {
  await using owner = new Teardown()
  const name = `visit ${random.between(0, 1e9)}.avi`
  const path = await writeSampleFile(join(await temporaryFolder(owner), name), random.between(1, 6_000_000))
  const swarm = await startSwarm(owner, { engine: engine.factory })
  const { magnetLink: id } = await swarm.seed(path)
  const out = join(home, 'out')
  const { infoHash } = await child.ask<{ infoHash: string }>('get', { id, out, peers: [addressOf(swarm)] })
  for (let look = 0; look < 600; look++) {
    const { state } = await child.ask<{ state: string }>('have', { infoHash })
    if (state === 'seeding') break
    if (look === 599) throw new Error(`The resident did not fetch ${name}: it is ${state}`)
    await delay(50)
  }
  await child.ask('drop', { infoHash })
  await rm(join(out, name), { force: true })
}

async function liarVisits(magnetLink: string, address: string, random: Random): Promise<void> {
  await using owner = new Teardown()
  const infoHash = /btih:([0-9a-f]{40})/.exec(magnetLink)![1]!
  const peers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      RawPeer.dial(owner, address, `127.0.3.${random.between(1, 250)}`).catch(() => index),
    ),
  )
  for (const peer of peers) {
    if (typeof peer === 'number') continue
    peer.say(hello({ infoHash }))
    for (let count = 0; count < 50; count++)
      peer.say(message(random.between(0, 25), sampleBytes(random.between(0, 60), String(random.next()))))
  }
  await delay(random.between(0, 500))
}
