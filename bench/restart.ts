import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTorrent } from '../src/index.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import type { Owner } from '../test/kit/owner.ts'
import { writeSampleFile } from '../test/kit/sample-files.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024
const script = fileURLToPath(new URL('clients/swarm-child.js', import.meta.url))

interface Answer {
  readonly tookMs: number
  readonly hashed: boolean
}

/**
 * A complete torrent restarted in a new process: how long after the swarm's start it seeds again, once where it was
 * made and once where it was fetched. The first time, which hashes everything, is told for comparison.
 */
export default async function measureRestart({ quick }: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (quick ? 64 : 1024) * mebibyte
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const content = await writeSampleFile(join(folder, 'clip.bin'), sizeBytes, 'restart')
  const { bytes } = await createTorrent(content, { pieceLength: mebibyte })
  const torrent = join(folder, 'clip.torrent')
  await writeFile(torrent, bytes)
  const fetched = await temporaryFolder(all, 'bench')
  await cp(content, join(fetched, 'clip.bin'), { preserveTimestamps: true })

  const measurements: Measurement[] = []
  for (const [command, from, what] of [
    ['seed', folder, 'made here'],
    ['resume', fetched, 'fetched'],
  ] as const) {
    const home = await temporaryFolder(all, 'home')
    const again = () => runOnce(all, home, command, { torrent, folder: from })
    const first = await again()
    const samples: number[] = []
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const { tookMs, hashed } = await again()
      if (hashed) throw new Error(`A restart of a torrent ${what} hashed it again`)
      samples.push(tookMs)
    }
    const title = `${sizeBytes / mebibyte} MiB ${what}: until it seeds`
    measurements.push(measurement(`${title}, first time`, 'p2pshare', 'ms', [first.tookMs]))
    measurements.push(measurement(`${title}, restarted`, 'p2pshare', 'ms', samples))
  }
  return measurements
}

async function runOnce(owner: Owner, home: string, command: string, parameters: object): Promise<Answer> {
  const child = new JsonChild(owner, 'p2pshare', process.execPath, [script])
  await child.ask('start', { home })
  const answer = await child.ask<Answer>(command, parameters)
  await child.ask('stop')
  await child.stop()
  return answer
}
