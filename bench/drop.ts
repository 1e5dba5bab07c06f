import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { JsonChild } from '../test/kit/json-child.ts'
import { sampleBytes } from '../test/kit/sample-files.ts'
import { samplePhoto } from '../test/kit/sample-photos.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import { startBoxWith } from './box/p2pshare.ts'
import { clientScript } from './clients/client-script.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const photoBytes = 500_000
/** How long the box waits whether a folder changes on: taken off what is measured. */
const settleMs = 1_000

/** A folder of photos that is moved into a watched folder: how long until it seeds, beside hashing it and nothing else. */
export default async function measureDrop({ quick }: BenchOptions): Promise<Measurement[]> {
  const count = quick ? 50 : 2_000
  const dropMs: number[] = []
  const hashMs: number[] = []
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    await using all = new Teardown()
    const folder = await temporaryFolder(all, 'bench')
    await writePhotos(join(folder, 'album'), count)
    const hasher = new JsonChild(all, 'hasher', process.execPath, [clientScript('hash-child.js')])
    // The first time it reads modules and starts threads, as the box has done long before.
    await hasher.ask('hash', { path: join(folder, 'album', nameOf(0)) })
    const { tookMs, infoHash } = await hasher.ask<{ tookMs: number; infoHash: string }>('hash', {
      path: join(folder, 'album'),
    })
    hashMs.push(tookMs)
    await hasher.stop()
    dropMs.push(await drop(all, folder, infoHash))
  }
  const name = `${count} photos`
  const pairs = dropMs.map((took, round) => took / hashMs[round]!)
  return [
    measurement(`${name}, dropped, until they seed`, 'p2pshare', 's', dropMs.map(seconds)),
    measurement(`${name}, hashed alone`, 'p2pshare', 's', hashMs.map(seconds)),
    measurement(`${name}, dropped against hashed alone`, 'p2pshare', '×', pairs),
  ]
}

/** Milliseconds from the moving until it seeds, without the time to settle. */
async function drop(owner: Teardown, folder: string, infoHash: string): Promise<number> {
  const watched = join(folder, 'watched')
  await mkdir(watched)
  const settings = `[[folders.watch]]\npath = ${JSON.stringify(watched)}\nsettle = "${settleMs / 1_000}s"\n`
  const { child, client } = await startBoxWith(owner, settings)
  const begun = performance.now()
  await rename(join(folder, 'album'), join(watched, 'album'))
  await waitUntil(
    'the album seeds',
    async () => {
      const [transfer] = await client.transfers()
      return transfer?.infoHash === infoHash && transfer.state === 'seeding'
    },
    { timeoutMs: 120_000, state: async () => [await client.transfers(), child.output()] },
  )
  const tookMs = performance.now() - begun - settleMs
  await child.stop()
  return tookMs
}

/** Photos that decoders take: a small one each, followed by bytes that are like no other's. */
async function writePhotos(folder: string, count: number): Promise<void> {
  await mkdir(folder)
  const photo = await samplePhoto('jpeg')
  for (let index = 0; index < count; index++) {
    const rest = sampleBytes(photoBytes - photo.length, `photo ${index}`)
    await writeFile(join(folder, nameOf(index)), Buffer.concat([photo, rest]))
  }
}

const nameOf = (index: number) => `IMG_${String(index).padStart(4, '0')}.jpg`
const seconds = (ms: number) => ms / 1_000
