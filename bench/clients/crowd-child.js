// Several p2pshare swarms in one process, each with a home, a port and a copy of one torrent; steered by its parent.
import { join } from 'node:path'
import { Swarm } from 'p2pshare'
import { serveCommands } from './json-lines.js'

let swarms
let transfers

await serveCommands({
  async start({ folder, count }) {
    const alone = { port: 0, dht: false, lsd: false, pex: false, nat: false, engine: 'native' }
    const homes = Array.from({ length: count }, (_, index) => join(folder, `home ${index}`))
    swarms = await Promise.all(homes.map(home => Swarm.start({ home, ...alone, maxPeers: 100 })))
    return { ports: swarms.map(({ port }) => port) }
  },
  async leech({ torrent, folder }) {
    transfers = await Promise.all(
      swarms.map((swarm, index) => swarm.get(torrent, { out: join(folder, `out ${index}`) })),
    )
    return {}
  },
  /** Each calls on those that stand before it in the list of all. */
  async connect({ ports }) {
    for (const [index, transfer] of transfers.entries())
      for (const port of ports.slice(0, ports.indexOf(swarms[index].port)))
        transfer.addPeer(`127.0.0.1:${port}`)
    return {}
  },
  async finished() {
    await Promise.all(transfers.map(transfer => transfer.finished()))
    return {}
  },
})
