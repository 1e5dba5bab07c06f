import { once } from 'node:events'
import DHT from 'bittorrent-dht'
import type { Owner } from './owner.ts'

export interface DhtNode {
  /** What others bootstrap from, `host:port`. */
  readonly address: string
  /** How many announces of peers it has taken. */
  announces(): number
}

/** A DHT of one node, on 127.0.0.1 and any free port, that knows nobody: others meet by bootstrapping from it. */
export async function startDhtNode(owner: Owner): Promise<DhtNode> {
  const dht = new DHT({ bootstrap: false })
  dht.on('warning', () => {})
  let announces = 0
  dht.on('announce', () => announces++)
  const listening = once(dht, 'listening')
  dht.listen(0, '127.0.0.1')
  await listening
  owner.teardown(() => new Promise(resolve => dht.destroy(resolve)))
  return { address: `127.0.0.1:${dht.address().port}`, announces: () => announces }
}
