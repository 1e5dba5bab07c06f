// A p2pshare swarm with many torrents, steered by its parent.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Swarm } from 'p2pshare'
import { serveCommands } from './json-lines.js'

let swarm
let transfers = []

await serveCommands({
  /** Starts, adds every torrent of a folder and waits until all seed. */
  async run({ home, torrents, folder, ...init }) {
    const names = await readdir(torrents)
    const begun = performance.now()
    let hashed = 0
    const onProgress = () => void hashed++
    swarm = await Swarm.start({
      home,
      port: 0,
      dht: false,
      lsd: false,
      pex: false,
      nat: false,
      engine: 'native',
      ...init,
    })
    transfers = await Promise.all(
      names.map(name => swarm.get(join(torrents, name), { out: folder, onProgress })),
    )
    await Promise.all(transfers.map(transfer => transfer.finished()))
    return { tookMs: performance.now() - begun, seeding: transfers.length, hashed, port: swarm.port }
  },
  async stop() {
    await swarm.stop()
    return {}
  },
})
