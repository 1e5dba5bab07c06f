import { once } from 'node:events'
import DHT from 'bittorrent-dht'
import { verifySignature } from '../../src/core/index.ts'
import type { Owner } from './owner.ts'

export interface DhtNode {
  /** What others bootstrap from, `host:port`. */
  readonly address: string
  /** How many announces of peers it has taken. */
  announces(): number
  /** The revision that it holds of an item (BEP 44), or `undefined` for none. */
  seqOf(target: Uint8Array): number | undefined
  stop(): Promise<void>
}

export interface DhtNodeOptions {
  /** Nodes to start from, `host:port`. @default none: it knows nobody, and others meet by bootstrapping from it */
  bootstrap?: readonly string[]
}

/** A plain node of the DHT on 127.0.0.1 and any free port, with nothing of ours in front of the library. */
export async function startDhtNode(owner: Owner, { bootstrap = [] }: DhtNodeOptions = {}): Promise<DhtNode> {
  const dht = new DHT({
    bootstrap,
    verify: (signature, signed, publicKey) =>
      verifySignature(Buffer.from(publicKey).toString('hex'), signed, signature),
  })
  dht.on('warning', () => {})
  let announces = 0
  dht.on('announce', () => announces++)
  const listening = once(dht, 'listening')
  dht.listen(0, '127.0.0.1')
  await listening
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= new Promise<void>(resolve => dht.destroy(resolve))
    return stopping
  }
  owner.teardown(stop)
  return {
    address: `127.0.0.1:${dht.address().port}`,
    announces: () => announces,
    seqOf: target => dht._values.peek(Buffer.from(target).toString('hex'))?.seq,
    stop,
  }
}
