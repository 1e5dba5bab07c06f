import { execFileSync } from 'node:child_process'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Owner } from '../test/kit/owner.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { NodePeer } from './clients/node-peer.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { offerFile } from './pairs/offer.ts'
import type { Offer } from './pairs/pair-run.ts'
import { watchUsage } from './process-usage.ts'
import { readHttp } from './stream/http-reader.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024

type PlayerName = 'p2pshare' | 'webtorrent'

interface Seek {
  readonly tookMs: number
  /** The same with what adding the torrent and starting the server took. */
  readonly sinceAddedMs: number
}

/**
 * A file read over HTTP by another process while it is fetched from a seed of the same client: how soon a mebibyte of its middle is
 * there when nothing was, and how fast all of it can be read from its beginning.
 */
export default async function measureStream({ quick, onFailure }: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (quick ? 64 : 1024) * mebibyte
  await using all = new Teardown()
  const offer = await offerFile(all, sizeBytes)
  const names: readonly PlayerName[] = ['p2pshare', 'webtorrent']
  const seeks = new Map<PlayerName, Seek[]>()
  const reads = new Map<PlayerName, { rate: number; peakMemoryBytes: number }[]>()
  const seeds = new Map<PlayerName, string>()
  for (const name of names) seeds.set(name, await new NodePeer(all, name).seed(offer.torrent, offer.folder))
  const rounds = async (count: number, run: (name: PlayerName, seed: string) => Promise<void>) => {
    for (let round = 0; round < count; round++)
      for (const [name, seed] of seeds) await run(name, seed).catch(error => onFailure(name, error))
  }
  await rounds(quick ? 2 : 10, async (name, seed) => {
    const took = await seek(name, seed, offer)
    seeks.set(name, [...(seeks.get(name) ?? []), took])
  })
  await rounds(quick ? 1 : 3, async (name, seed) => {
    const read = await readThrough(name, seed, offer)
    reads.set(name, [...(reads.get(name) ?? []), read])
  })

  const size = `${sizeBytes / mebibyte} MiB`
  const aimed = (name: PlayerName, aim: Measurement['aim']) => (name === 'p2pshare' ? aim : undefined)
  return [
    ...[...seeks].map(([name, samples]) => {
      const times = samples.map(({ tookMs }) => tookMs)
      return measurement(`first MiB of the middle of ${size}`, name, 'ms', times, aimed(name, { atMost: 60 }))
    }),
    ...[...seeks].map(([name, samples]) => {
      const times = samples.map(({ sinceAddedMs }) => sinceAddedMs)
      return measurement(`first MiB of the middle of ${size}, since it was added`, name, 'ms', times)
    }),
    ...[...reads].map(([name, samples]) => {
      const rates = samples.map(({ rate }) => rate)
      return measurement(`${size} read while fetched`, name, 'MB/s', rates, aimed(name, { atLeast: 600 }))
    }),
    ...[...reads].map(([name, samples]) => {
      const peaks = samples.map(({ peakMemoryBytes }) => peakMemoryBytes / 1e6)
      return measurement(`${size} read while fetched: peak memory`, name, 'MB', peaks)
    }),
  ]
}

/**
 * From the request for the mebibyte, sent together with the address of the seed so that nothing can be there before, until all of it
 * has been read.
 */
async function seek(name: PlayerName, seed: string, offer: Offer): Promise<Seek> {
  await using processes = new Teardown()
  const middle = Math.floor(offer.sizeBytes / 2) + 12_345
  const leech = await startLeech(processes, name)
  const added = performance.now()
  const url = await addAndPlay(processes, leech, offer)
  const begun = performance.now()
  const [{ status, bytes, head }] = await Promise.all([
    readHttp(url, `bytes=${middle}-${middle + mebibyte - 1}`, mebibyte),
    leech.connect(seed),
  ])
  const ended = performance.now()
  if (status !== 206 || bytes !== mebibyte) throw new Error(`It answered ${status} with ${bytes} bytes`)
  if (!head.equals(await truth(offer, middle))) throw new Error('It answered with something else')
  return { tookMs: ended - begun, sinceAddedMs: ended - added }
}

/** The same from the first byte to the last. */
async function readThrough(name: PlayerName, seed: string, offer: Offer) {
  await using processes = new Teardown()
  const leech = await startLeech(processes, name)
  const url = await addAndPlay(processes, leech, offer)
  const usage = watchUsage(leech.pid)
  const begun = performance.now()
  const [{ status, bytes, head }] = await Promise.all([
    readHttp(url, undefined, mebibyte),
    leech.connect(seed),
  ])
  const seconds = (performance.now() - begun) / 1000
  if (status !== 200 || bytes !== offer.sizeBytes)
    throw new Error(`It answered ${status} with ${bytes} bytes`)
  if (!head.equals(await truth(offer, 0))) throw new Error('It answered with something else')
  return { rate: bytes / 1e6 / seconds, peakMemoryBytes: usage.end().peakMemoryBytes }
}

async function startLeech(owner: Owner, name: PlayerName): Promise<NodePeer> {
  const leech = new NodePeer(owner, name)
  await leech.ready()
  execFileSync('sync')
  return leech
}

/** Adds the torrent, of which nothing is there and nobody is known. Answers the address of its file. */
async function addAndPlay(owner: Owner, leech: NodePeer, { torrent }: Offer): Promise<string> {
  await leech.leech(torrent, await temporaryFolder(owner, 'bench'), {})
  return leech.play()
}

async function truth({ folder, name }: Offer, start: number): Promise<Buffer> {
  const file = await open(join(folder, name))
  try {
    const bytes = Buffer.alloc(mebibyte)
    await file.read(bytes, 0, mebibyte, start)
    return bytes
  } finally {
    await file.close()
  }
}
