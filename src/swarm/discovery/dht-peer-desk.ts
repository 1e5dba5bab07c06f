import type DHT from 'bittorrent-dht'
import { type Hex, isPublicAddress } from '../../core/index.ts'

type OnPeer = (address: string) => void

/** Hands the peers that a DHT node is told of to whoever asked for that torrent. */
export class PeerDesk {
  readonly #asking = new Map<Hex, Set<OnPeer>>()

  constructor(dht: DHT) {
    dht.on('peer', ({ host, port }, of, from) => {
      const asking = this.#asking.get(of.toString('hex'))
      // What a public node says of private addresses would have us contact our own network for it.
      const isMeant = !from || !isPublicAddress(from.address) || isPublicAddress(host)
      if (asking && isMeant) for (const onPeer of asking) onPeer(`${host}:${port}`)
    })
  }

  /** @returns what ends it */
  ask(infoHash: Hex, onPeer: OnPeer): () => void {
    const asking = this.#asking.get(infoHash) ?? new Set()
    this.#asking.set(infoHash, asking)
    asking.add(onPeer)
    return () => {
      asking.delete(onPeer)
      if (asking.size === 0 && this.#asking.get(infoHash) === asking) this.#asking.delete(infoHash)
    }
  }
}
