import { Swarm, type SwarmInit } from '../../src/index.ts'
import type { Owner } from './owner.ts'
import { temporaryFolder } from './temp-folder.ts'

/** A swarm with a home and a port of its own that speaks to nobody by itself: what a test wants on, it says. */
export async function quietSwarm(owner: Owner, init: SwarmInit = {}): Promise<Swarm> {
  const home = await temporaryFolder(owner, 'home')
  const off = { home, port: 0, dht: false, lsd: false, pex: false, nat: false, iceServers: [] }
  const swarm = await Swarm.start({ ...off, ...init })
  owner.teardown(() => swarm.stop())
  return swarm
}
