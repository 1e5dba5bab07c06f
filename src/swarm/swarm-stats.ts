import type { Transfer } from './transfer.ts'

/** A frozen snapshot of a swarm; rates in bytes per second over all transfers. */
export interface SwarmStats {
  /** What the engine calls itself. */
  readonly engine: string
  readonly port: number
  readonly transfers: number
  readonly peers: number
  readonly downloadBytesPerSecond: number
  readonly uploadBytesPerSecond: number
  /** Nodes in the DHT's routing table; `undefined` where it is off. */
  readonly dhtNodes: number | undefined
}

/** Sums up the transfers of a swarm. */
export function sumStats(
  transfers: readonly Transfer[],
  { engine, port, dhtNodes }: Pick<SwarmStats, 'engine' | 'port' | 'dhtNodes'>,
): SwarmStats {
  let [peers, down, up] = [0, 0, 0]
  for (const transfer of transfers) {
    const stats = transfer.stats()
    peers += stats.peers
    down += stats.downloadBytesPerSecond
    up += stats.uploadBytesPerSecond
  }
  return Object.freeze({
    engine,
    port,
    transfers: transfers.length,
    peers,
    downloadBytesPerSecond: down,
    uploadBytesPerSecond: up,
    dhtNodes,
  })
}
