import type { Hex, InfoHashes, Metainfo } from '../core/index.ts'
import type { LocalDiscovery } from './discovery/local.ts'
import type { Engine, EngineTorrent } from './engine.ts'
import { LocalNews } from './local-news.ts'
import { LostWatch } from './lost-watch.ts'
import { Transfer } from './transfer.ts'
import { hashesOf, TransferIndex, wireHashesOf } from './transfer-index.ts'
import type { Joining, TransferInit } from './transfer-init.ts'

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
  readonly #lostWatch = new LostWatch()

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
  add(joining: Joining): Transfer {
    const place = new Place(joining, this.#init, this.#heard, this.#transfers, this.#lostWatch)
    return place.transfer
  }

  /** Somebody in the local network has one of the torrents. */
  onLocalPeer(infoHash: Hex, address: string): void {
    const transfer = this.#transfers.get(infoHash)
    if (!transfer) return
    this.#heard.set(transfer.infoHash, (this.#heard.get(transfer.infoHash) ?? 0) + 1)
    transfer.addLocalPeer(address)
  }
}

/** The place of one transfer in the roster. */
class Place implements TransferInit {
  readonly joining: Joining
  readonly transfer: Transfer
  readonly lostWatch: LostWatch
  readonly #roster: RosterInit
  readonly #heard: Map<Hex, number>
  readonly #transfers: TransferIndex<Transfer>
  readonly #news: LocalNews | undefined

  constructor(
    joining: Joining,
    roster: RosterInit,
    heard: Map<Hex, number>,
    transfers: TransferIndex<Transfer>,
    lostWatch: LostWatch,
  ) {
    this.joining = joining
    this.lostWatch = lostWatch
    this.#roster = roster
    this.#heard = heard
    this.#transfers = transfers
    if (roster.lsd) this.#news = new LocalNews(roster.lsd, roster.engine, joining.isPrivate)
    this.transfer = new Transfer(this)
    this.#enter(hashesOf(joining.infoHash, joining.infoHashV2))
  }

  join(): EngineTorrent {
    return this.#roster.engine.join(this.joining)
  }

  channels(): ReturnType<TransferInit['channels']> {
    const { engine, lsd, usesPex } = this.#roster
    const { infoHash, isPrivate } = this.joining
    return {
      dht: { on: engine.dhtNodes() !== undefined && !isPrivate, nodes: engine.dhtNodes() ?? 0 },
      lsd: { on: (lsd?.isOn ?? false) && !isPrivate, heard: this.#heard.get(infoHash) ?? 0 },
      pex: { on: usesPex && !isPrivate },
    }
  }

  onMetadata(metainfo: Metainfo): void {
    if (metainfo.isPrivate) this.#news?.silence()
    this.#enter(metainfo)
  }

  onHeld(isHeld: boolean): void {
    this.#news?.hold(isHeld)
  }

  onEnd(): void {
    this.#transfers.delete(this.transfer)
    this.#heard.delete(this.joining.infoHash)
    this.#news?.silence()
  }

  #enter(hashes: InfoHashes): void {
    this.#transfers.add(this.transfer, hashes)
    this.#news?.add(wireHashesOf(hashes))
  }
}
