import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BoxClient } from '../../src/box/index.ts'
import { writeSampleFile } from '../../test/kit/sample-files.ts'
import { waitUntil } from '../../test/kit/wait-until.ts'

const clipBytes = 256 * 1024
/** What one hour brings, of shares and of transfers to fetch. */
const newOnes = 10
const mostKept = 60

export interface ChurnInit {
  readonly client: BoxClient
  /** Where clips are made that are shared, and where what is fetched comes to. */
  readonly folder: string
  /** A folder of torrents that others seed, and where those are. */
  readonly torrents: string
  readonly seed: string
}

/**
 * What an hour brings a box: ten clips are shared and ten others fetched, pages come and go, limits change, everything is paused once,
 * and the oldest transfers are removed with their files.
 */
export async function churnFor({ client, folder, torrents, seed }: ChurnInit, hour: number): Promise<void> {
  const made = join(folder, 'made')
  await mkdir(made, { recursive: true })
  const paths: string[] = []
  for (let index = 0; index < newOnes; index++)
    paths.push(await writeSampleFile(join(made, `clip ${hour}-${index}.avi`), clipBytes, `${hour}-${index}`))
  for (const path of paths) await client.share({ paths: [path] })
  const names = await readdir(torrents)
  for (let index = 0; index < newOnes; index++) {
    const torrent = await readFile(join(torrents, names[(hour * newOnes + index) % names.length]!))
    await client.add({ torrent, folder: join(folder, 'got'), peers: [seed], labels: [`hour ${hour}`] })
  }
  await withPages(client, 5, async () => {
    const all = await waitUntil(
      'all seed',
      async () => {
        const transfers = await client.transfers()
        return transfers.every(({ state }) => state === 'seeding') && transfers
      },
      { timeoutMs: 60_000, intervalMs: 100, state: () => client.transfers() },
    )
    for (const { id } of all) await client.pause(String(id))
    await client.setLimits({ uploadLimit: 1_000_000 + hour, downloadLimit: null })
    for (const { id } of all) await client.resume(String(id))
    for (const { id } of all) {
      await client.change(String(id), { labels: [`hour ${hour}`] })
      await client.log(String(id))
      await client.peers(String(id))
    }
    for (const { id } of all.slice(0, Math.max(0, all.length - mostKept)))
      await client.remove(String(id), { data: true })
  })
  const shared = new Set((await client.transfers()).map(({ name }) => name))
  for (const name of await readdir(made)) if (!shared.has(name)) await rm(join(made, name))
}

/** Holds so many streams of events open meanwhile, as open pages do. */
async function withPages(client: BoxClient, count: number, work: () => Promise<void>): Promise<void> {
  const closing = new AbortController()
  const pages = Array.from({ length: count }, async () => {
    try {
      for await (const _ of client.events({ signal: closing.signal }));
    } catch (error) {
      if (!closing.signal.aborted) throw error
    }
  })
  try {
    await work()
  } finally {
    closing.abort()
    await Promise.all(pages)
  }
}
