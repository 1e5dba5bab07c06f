import type { SwarmInit } from '../../src/index.ts'
import { Swarm } from '../../src/index.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

/** A swarm on any free port with a home of its own that finds nobody by itself, and is stopped when its owner ends. */
export async function startSwarm(owner: Owner, init: SwarmInit = {}): Promise<Swarm> {
  const home = init.home ?? (await temporaryFolder(owner, 'home'))
  const swarm = await Swarm.start({
    port: 0,
    dht: false,
    lsd: false,
    pex: false,
    nat: false,
    iceServers: [],
    ...init,
    home,
  })
  owner.teardown(() => swarm.stop())
  return swarm
}

/** The address of a swarm on the loopback interface. */
export function addressOf(swarm: Swarm): string {
  return `127.0.0.1:${swarm.port}`
}
