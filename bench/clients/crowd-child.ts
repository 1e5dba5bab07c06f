// Several p2pshare swarms in one process, each with a home, a port and a copy of one torrent; steered by its parent.
import { join } from 'node:path'
import { Swarm, type Transfer } from '../../src/index.ts'
import { serveCommands } from './json-lines.ts'

let swarms: Swarm[]
let transfers: Transfer[]

await serveCommands({
  async start({ folder, count }: { folder: string; count: number }) {
    const alone = { port: 0, dht: false, lsd: false, pex: false, nat: false, engine: 'native' } as const
    const homes = Array.from({ length: count }, (_, index) => join(folder, `home ${index}`))
    swarms = await Promise.all(homes.map(home => Swarm.start({ home, ...alone, maxPeers: 100 })))
    return { ports: swarms.map(({ port }) => port) }
  },
  async leech({ torrent, folder, ports }: { torrent: string; folder: string; ports: number[] }) {
    transfers = await Promise.all(
      swarms.map((swarm, index) => {
        const peers = ports.filter(port => port !== swarm.port).map(port => `127.0.0.1:${port}`)
        return swarm.get(torrent, { out: join(folder, `out ${index}`), peers })
      }),
    )
    return {}
  },
  async finished() {
    await Promise.all(transfers.map(transfer => transfer.finished()))
    return {}
  },
})
