import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDhtNode } from '../test/kit/dht-node.ts'
import { JsonChild } from '../test/kit/json-child.ts'
import type { Owner } from '../test/kit/owner.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import { sampleRecords } from './catalog/sample-records.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const script = fileURLToPath(new URL('clients/catalog-child.ts', import.meta.url))
const listingsAnUpdate = 10
const posterBytes = 12_000

interface Sync {
  readonly added: number
  readonly refused: number
  readonly fetchedBytes: number
  readonly tookMs: number
}

/**
 * A catalog followed from nothing by another process over loopback, from looking for its pointer until every signature is verified and
 * all is searchable; then updates of ten listings with posters, as many bytes as they fetch.
 */
export default async function measureFollowing({ quick }: BenchOptions): Promise<Measurement[]> {
  const count = quick ? 2_000 : 100_000
  await using all = new Teardown()
  const path = join(dirname(tmpdir()), `p2pshare-bench-listings-${count}-1.jsonl`)
  for await (const _ of (await sampleRecords(path, count))()) break
  const { address } = await startDhtNode(all)
  const maker = await startChild(all, address)
  const { link } = await maker.ask<{ link: string }>('fill', { path })
  await maker.ask('keepUp')
  let seq = await published(maker, 0)

  const follower = await startChild(all, address)
  const whole = await follower.ask<Sync>('follow', { link })
  if (whole.added !== count || whole.refused > 0) throw new Error(`${whole.added} of ${count} listings came`)
  const updates: Sync[] = []
  for (let round = 0; round < (quick ? 2 : 10); round++) {
    await maker.ask('publish', { count: listingsAnUpdate, posterBytes })
    seq = await published(maker, seq)
    let added = 0
    let fetchedBytes = 0
    let tookMs = 0
    await waitUntil('the update is there', async () => {
      const update = await follower.ask<Sync>('sync')
      added += update.added
      fetchedBytes += update.fetchedBytes
      tookMs = update.tookMs
      return added === listingsAnUpdate
    })
    updates.push({ added, refused: 0, fetchedBytes, tookMs })
  }
  const title = `a catalog of ${count} listings`
  const ofUpdates = (pick: (update: Sync) => number) => updates.map(pick)
  return [
    measurement(`${title}: followed from nothing`, 'p2pshare', 's', [whole.tookMs / 1000]),
    measurement(`${title}: fetched`, 'p2pshare', 'MB', [whole.fetchedBytes / 1e6]),
    measurement(
      'an update of 10 listings with posters',
      'p2pshare',
      'KiB',
      ofUpdates(update => update.fetchedBytes / 1024),
    ),
    measurement(
      'an update: until it is searchable',
      'p2pshare',
      's',
      ofUpdates(update => update.tookMs / 1000),
    ),
  ]
}

async function startChild(owner: Owner, bootstrap: string): Promise<JsonChild> {
  const child = new JsonChild(owner, 'p2pshare', process.execPath, [script])
  await child.ask('start', { home: await temporaryFolder(owner, 'home'), bootstrap })
  owner.teardown(() => child.ask('stop').then(() => {}))
  return child
}

async function published(maker: JsonChild, after: number): Promise<number> {
  const look = async () => {
    const { seq, isPublished } = await maker.ask<{ seq: number; isPublished: boolean }>('isPublished', {
      after,
    })
    return isPublished ? seq : undefined
  }
  return waitUntil('the snapshot is published', look, { timeoutMs: 120_000 })
}
