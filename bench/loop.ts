import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createTorrent } from '../src/index.ts'
import { temporaryFolder } from '../test/kit/temp-folder.ts'
import { waitUntil } from '../test/kit/wait-until.ts'
import { NodePeer } from './clients/node-peer.ts'
import { Throng } from './loop/throng.ts'
import { type BenchOptions, type Measurement, measurement } from './measurement.ts'
import { watchUsage } from './process-usage.ts'
import { Teardown } from './teardown.ts'

const pieceLength = 16_384
const pieceCount = 100_000
const peerCount = 200
const givers = 20
const turnedOver = 10

/**
 * A torrent of 100,000 pieces with 200 peers that come at once, say every moment what they have got, come and go, and of whom twenty
 * give 40 MB/s: how long the event loop of the one who downloads was blocked at most, by the runtime's own watch.
 */
export default async function measureLoop({ quick }: BenchOptions): Promise<Measurement[]> {
  await using all = new Teardown()
  const folder = await temporaryFolder(all, 'bench')
  const { bytes: torrent, metainfo } = await writeZeros(join(folder, 'zeros.bin'))
  const leech = new NodePeer(all, 'p2pshare', { maxPeers: peerCount + 50 })
  await leech.ready()
  await leech.loopDelay()
  const address = await leech.leech(torrent, await temporaryFolder(all, 'bench'), {})
  await waitUntil('the torrent is open', async () => (await leech.progress()).state === 'downloading')
  const opening = await leech.loopDelay()

  const usage = watchUsage(leech.pid)
  const throng = new Throng(all, {
    address,
    infoHash: metainfo.infoHash!,
    pieceCount,
    count: peerCount,
    givers,
  })
  await throng.connect()
  const counted = async () => (await leech.progress()).peers >= peerCount
  await waitUntil('everyone is met', counted, { state: () => leech.progress() })
  const meeting = await leech.loopDelay()
  const delays: { maxMs: number; p99Ms: number }[] = []
  const seconds = quick ? 3 : 20
  for (let second = 0; second < seconds; second++) {
    await throng.live(1_000)
    await throng.turnOver(turnedOver)
    delays.push(await leech.loopDelay())
  }
  const { peakMemoryBytes, cpuSeconds } = usage.end()
  const { peers, haveBytes } = await leech.progress()
  if (throng.connected < peerCount - turnedOver || peers < peerCount - turnedOver || haveBytes === 0)
    throw new Error(`${throng.connected} are connected, ${peers} counted, ${haveBytes} bytes have come`)

  const title = `${pieceCount} pieces, ${peerCount} peers`
  const row = (what: string, unit: Measurement['unit'], samples: number[], aim?: Measurement['aim']) =>
    measurement(`${title}: ${what}`, 'p2pshare', unit, samples, aim)
  const worst = [meeting, ...delays].map(({ maxMs }) => maxMs)
  const usual = delays.map(({ p99Ms }) => p99Ms)
  return [
    row('event loop blocked at most, each second', 'ms', worst, { atMost: 50, by: 'max' }),
    row('event loop blocked at most, as all come at once', 'ms', [meeting.maxMs]),
    row('event loop blocked, 99th percentile of a second', 'ms', usual),
    row('event loop blocked at most, as the torrent is opened', 'ms', [opening.maxMs]),
    row('fetched', 'MB/s', [haveBytes / 1e6 / seconds]),
    row('processor', 'CPU s', [cpuSeconds]),
    row('peak memory', 'MB', [peakMemoryBytes / 1e6]),
  ]
}

async function writeZeros(path: string) {
  const file = await open(path, 'w')
  await file.truncate(pieceCount * pieceLength)
  await file.close()
  return createTorrent(path, { pieceLength })
}
