import type { SwarmInit } from '../swarm/index.ts'
import type { BoxConfig } from './config/box-config.ts'

/** What goes before the settings. */
interface SwarmWishes {
  readonly home?: string | undefined
  readonly network?: SwarmInit | undefined
  readonly signal?: AbortSignal | undefined
}

/** What the swarm of a box is started with. */
export function swarmInit(
  { network, limits }: BoxConfig,
  { home, network: own, signal }: SwarmWishes,
): SwarmInit {
  const { dht, dht_bootstrap: bootstrap, lsd, pex, nat, encryption, port } = network
  return {
    home,
    port,
    dht: dht && bootstrap.length > 0 ? { bootstrap } : dht,
    lsd,
    pex,
    nat,
    encryption,
    maxPeers: network.max_peers,
    maxConnections: network.max_connections,
    uploadBytesPerSecond: limits.upload,
    downloadBytesPerSecond: limits.download,
    ...own,
    signal,
  }
}
