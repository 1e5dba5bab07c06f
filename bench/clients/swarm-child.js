// One p2pshare swarm with one torrent, steered by its parent.
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Playback, readTorrent, Swarm } from 'p2pshare'
import { serveCommands } from './json-lines.js'

let swarm
let transfer
let playback
// A millisecond is what it can see at best, and what it adds at most.
const loop = monitorEventLoopDelay({ resolution: 1 })

await serveCommands({
  async start({ home, ...init }) {
    const alone = { port: 0, dht: false, lsd: false, pex: false, nat: false, engine: 'native' }
    swarm = await Swarm.start({ home, ...alone, ...init })
    return { port: swarm.port }
  },
  async seed({ torrent, folder }) {
    const metainfo = await readTorrent(torrent)
    const begun = performance.now()
    let hashed = false
    const onProgress = () => {
      hashed = true
    }
    transfer = await swarm.seed(join(folder, metainfo.name), {
      pieceLength: metainfo.pieceLength,
      onProgress,
    })
    await transfer.finished()
    const tookMs = performance.now() - begun
    if (transfer.infoHash !== metainfo.infoHash) throw new Error(`It seeds ${transfer.infoHash} instead`)
    return { tookMs, hashed }
  },
  async leech({ torrent, folder, peers }) {
    transfer = await swarm.get(torrent, { out: folder, peers })
    return {}
  },
  async resume({ torrent, folder }) {
    const begun = performance.now()
    let hashed = false
    const onProgress = () => {
      hashed = true
    }
    transfer = await swarm.get(torrent, { out: folder, onProgress })
    await transfer.finished({ signal: AbortSignal.timeout(60_000) })
    return { tookMs: performance.now() - begun, hashed }
  },
  async connect({ peer }) {
    transfer.addPeer(peer)
    return {}
  },
  async uploaded() {
    return { bytes: transfer.stats().uploadedBytes }
  },
  async play() {
    await transfer.metadata()
    playback = await Playback.start({ transfer })
    return { url: playback.urlOf(0) }
  },
  /** How long others had to wait for the event loop since the last question. */
  async loopDelay() {
    const found = { maxMs: loop.max / 1e6, p99Ms: loop.percentile(99) / 1e6 }
    loop.enable()
    loop.reset()
    return found
  },
  async progress() {
    const { state, peers, haveBytes } = transfer.stats()
    return { state, peers, haveBytes }
  },
  async finished() {
    await transfer.finished()
    return {}
  },
  async stop() {
    await playback?.close()
    await swarm.stop()
    return {}
  },
})
