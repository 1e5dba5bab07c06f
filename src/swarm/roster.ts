import type { Hex, InfoHashes } from '../core/index.ts'
import type { LocalDiscovery } from './discovery/local.ts'
import type { Engine } from './engine.ts'
import type { Joining } from './joining.ts'
import { Transfer } from './transfer.ts'
import { hashesOf, TransferIndex, wireHashesOf } from './transfer-index.ts'

export interface RosterInit {
  readonly engine: Engine
  readonly lsd: LocalDiscovery | undefined
  readonly usesPex: boolean
}

/** The transfers of a swarm that have not ended, and what is told of them in the local network. */
export class Roster {
  readonly #init: RosterInit
  readonly #transfers = new TransferIndex<Transfer>()
  readonly #heard = new Map<Hex, number>()

  constructor(init: RosterInit) {
    this.#init = init
  }

  /** A transfer by any info-hash of its torrent. */
  get(infoHash: Hex): Transfer | undefined {
    return this.#transfers.get(infoHash)
  }

  /** In the order in which they were added. */
  all(): Transfer[] {
    return this.#transfers.values()
  }

  /** Joins the swarm of a torrent. */
  add(init: Joining): Transfer {
    const { engine, lsd, usesPex } = this.#init
    const { infoHash, trackers, trustedTrackers, peers, isPrivate } = init
    const infoHashV2 = init.infoHashV2 === infoHash ? undefined : init.infoHashV2
    const transfer = new Transfer({
      ...init,
      join: () => engine.join({ infoHash, infoHashV2, trackers, trustedTrackers, peers, isPrivate }),
      givenPeers: peers,
      channels: () => ({
        dht: { on: engine.dhtNodes() !== undefined && !isPrivate, nodes: engine.dhtNodes() ?? 0 },
        lsd: { on: (lsd?.isOn ?? false) && !isPrivate, heard: this.#heard.get(infoHash) ?? 0 },
        pex: { on: usesPex && !isPrivate },
      }),
      onEnd: () => {
        this.#transfers.delete(transfer)
        this.#heard.delete(infoHash)
        for (const hash of announced) lsd?.withdraw(hash)
      },
    })
    const announced = new Set<Hex>()
    const announce = (hashes: InfoHashes) => {
      this.#transfers.add(transfer, hashes)
      for (const hash of wireHashesOf(hashes)) {
        if (!isPrivate && !announced.has(hash)) lsd?.announce(hash, engine.port)
        announced.add(hash)
      }
    }
    announce(hashesOf(infoHash, infoHashV2))
    transfer.once('metadata', found => {
      if (found.isPrivate) for (const hash of announced) lsd?.withdraw(hash)
      else announce(found)
    })
    return transfer
  }

  /** Somebody in the local network has one of the torrents. */
  onLocalPeer(infoHash: Hex, address: string): void {
    const transfer = this.#transfers.get(infoHash)
    if (!transfer) return
    this.#heard.set(transfer.infoHash, (this.#heard.get(transfer.infoHash) ?? 0) + 1)
    transfer.addLocalPeer(address)
  }
}
