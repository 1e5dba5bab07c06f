import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { JsonChild } from '../test/kit/json-child.ts'
import { TransmissionRpc } from '../test/kit/peers/transmission-rpc.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import { listFields } from './box/daemon.ts'
import { startBoxWith } from './box/p2pshare.ts'
import { clientScript } from './clients/client-script.ts'
import { writeTorrents } from './many-torrents.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { Teardown } from './teardown.ts'

const transferCount = 50
const pauseMs = 20

/** How long the box takes to answer while it fetches fifty torrents at once. */
export default async function measureBusy({ quick }: BenchOptions): Promise<Measurement[]> {
  const fileBytes = (quick ? 8 : 32) * 1024 * 1024
  const uploadBytesPerSecond = (quick ? 20 : 40) * 1e6
  await using all = new Teardown()
  const source = await temporaryFolder(all, 'bench')
  const torrents = await writeTorrents(source, { count: transferCount, fileBytes })
  const seed = new JsonChild(all, 'seed', process.execPath, [clientScript('seedbox-child.js')])
  const { port } = await seed.ask<{ port: number }>('run', {
    home: await temporaryFolder(all, 'home'),
    torrents,
    folder: source,
    uploadBytesPerSecond,
  })

  const { child, url, client } = await startBoxWith(all, '[queue]\ndownloads = 0\n')
  const folder = await temporaryFolder(all, 'got')
  for (const name of await readdir(torrents)) {
    const torrent = await readFile(join(torrents, name))
    await client.add({ torrent, folder, peers: [`127.0.0.1:${port}`] })
  }
  const fetching = async () => (await client.transfers({ state: 'downloading' })).length
  await waitUntil('all are under way', async () => (await fetching()) === transferCount, {
    state: child.output,
  })

  const rpc = new TransmissionRpc(url)
  const questions: Record<string, () => Promise<unknown>> = {
    'list, API': () => client.transfers(),
    'one transfer, API': () => client.transfer('1'),
    'status, API': () => client.status(),
    'list, RPC': () => rpc.call('torrent-get', { fields: listFields }),
  }
  const tookMs = new Map(Object.keys(questions).map(name => [name, [] as number[]]))
  while ((await fetching()) === transferCount)
    for (const [name, ask] of Object.entries(questions)) {
      const begun = performance.now()
      await ask()
      tookMs.get(name)!.push(performance.now() - begun)
      await delay(pauseMs)
    }
  const title = `${transferCount} transfers under way`
  return [...tookMs].flatMap(([name, samples]) => [
    measurement(`${title}: ${name}`, 'p2pshare', 'ms', samples),
    measurement(`${title}: ${name}, 95th percentile`, 'p2pshare', 'ms', [percentile95(samples)]),
  ])
}

function percentile95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)]!
}
