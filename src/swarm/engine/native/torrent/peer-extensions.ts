import { isPublicAddress, packageVersion } from '../../../../core/index.ts'
import { hostOf } from '../../../peer-address/address.ts'
import { readDontHave } from '../extension/dont-have.ts'
import {
  ownExtensionIds,
  readExtendedHandshake,
  writeExtendedHandshake,
} from '../extension/extended-handshake.ts'
import { MetadataFetch } from '../extension/metadata-fetch.ts'
import { MetadataOffer } from '../extension/metadata-offer.ts'
import { PexIntake, PexOutbox } from '../extension/pex.ts'
import { blockLength } from '../wire/message.ts'
import { costOfAll, costOfLoss, messageCost } from './patience.ts'
import type { Peer } from './peer.ts'
import type { PieceExchange } from './piece-exchange.ts'
import { maxQueuedRequests } from './upload-queue.ts'

const handshakeId = 0

export interface PeerExtensionsInit {
  readonly peers: ReadonlyMap<number, Peer>
  /** TCP port that peers may reach us at. */
  readonly port: () => number
  readonly usesPex: () => boolean
  /** The raw `info` dictionary, once it is known. */
  readonly infoBytes: () => Uint8Array | undefined
  readonly accepts: (infoBytes: Uint8Array) => boolean
  readonly isSeeding: () => boolean
  readonly exchange: () => PieceExchange | undefined
  readonly onMetadata: (infoBytes: Uint8Array) => void
  readonly onLiar: (peer: Peer, reason: string) => void
  /** Peers that a peer told of. */
  readonly onAddresses: (addresses: readonly string[]) => void
  /** A peer that came to us says where it listens. */
  readonly onListenPort: (peer: Peer, port: number) => void
}

/** What is said in extended messages (BEP 10): metadata (BEP 9), peer exchange (BEP 11), upload only (BEP 21), donthave (BEP 54). */
export class PeerExtensions {
  readonly #init: PeerExtensionsInit
  readonly #fetch: MetadataFetch
  readonly #offer: MetadataOffer
  readonly #intake = new PexIntake()
  readonly #outboxes = new Map<number, PexOutbox>()

  constructor(init: PeerExtensionsInit) {
    this.#init = init
    this.#offer = new MetadataOffer(init.infoBytes)
    this.#fetch = new MetadataFetch({
      accepts: init.accepts,
      send: (id, payload) => {
        const peer = init.peers.get(id)
        const extensionId = peer?.extended?.ids.utMetadata
        if (peer && extensionId !== undefined) peer.sendExtended(extensionId, payload)
      },
      onMetadata: init.onMetadata,
      onLiar: (id, reason) => {
        const peer = init.peers.get(id)
        if (peer) init.onLiar(peer, reason)
      },
    })
  }

  greet(peer: Peer): void {
    if (!peer.hasExtensions) return
    const { port, usesPex, infoBytes, isSeeding } = this.#init
    const metadataSize = infoBytes()?.length
    const { utPex, ...ids } = ownExtensionIds
    peer.sendExtended(
      handshakeId,
      writeExtendedHandshake({
        ids: usesPex() ? ownExtensionIds : ids,
        requestQueue: maxQueuedRequests,
        version: `p2pshare ${packageVersion()}`,
        listenPort: port(),
        yourAddress: peer.socket.socket.remoteAddress,
        isUploadOnly: isSeeding(),
        ...(metadataSize === undefined ? {} : { metadataSize }),
      }),
    )
  }

  /** What was said at the beginning holds no more: the metainfo is known now, or something is wanted again. */
  greetAll(): void {
    for (const peer of this.#init.peers.values()) this.greet(peer)
  }

  /** Answers why the connection should be ended, where it should. */
  take(peer: Peer, extensionId: number, payload: Buffer): string | undefined {
    switch (extensionId) {
      case handshakeId:
        return this.#onHandshake(peer, payload)
      case ownExtensionIds.utMetadata:
        this.#onMetadataMessage(peer, payload)
        return undefined
      case ownExtensionIds.utPex: {
        const added = this.#init.usesPex() ? this.#intake.take(peer.id, payload) : []
        const fit = added.filter(address => isFit(address, peer))
        if (fit.length > 0) this.#init.onAddresses(fit)
        return undefined
      }
      case ownExtensionIds.ltDonthave: {
        const piece = readDontHave(payload)
        const exchange = this.#init.exchange()
        if (piece === undefined || !exchange) return undefined
        const { pieceCount, pieceLength } = exchange.content.metainfo
        const cost = peer.isSeed ? costOfAll(pieceCount) : costOfLoss(pieceLength / blockLength)
        if (!peer.patience.bears(cost)) return 'it changes its mind too often'
        return exchange.pieces.dontHave(peer, piece) ? undefined : 'a donthave beyond the last piece'
      }
      default:
        return undefined
    }
  }

  remove(peer: Peer): void {
    this.#fetch.removePeer(peer.id)
    this.#offer.removePeer(peer.id)
    this.#intake.removePeer(peer.id)
    this.#outboxes.delete(peer.id)
  }

  /** Called every second. */
  tick(): void {
    if (!this.#init.infoBytes()) this.#fetch.tick()
    if (!this.#init.usesPex()) return
    for (const peer of this.#init.peers.values()) {
      const id = peer.extended?.ids.utPex
      if (id === undefined) continue
      let outbox = this.#outboxes.get(peer.id)
      if (!outbox) {
        outbox = new PexOutbox()
        this.#outboxes.set(peer.id, outbox)
      }
      const message = outbox.next(this.#connected(peer))
      if (message) peer.sendExtended(id, message)
    }
  }

  #onHandshake(peer: Peer, payload: Buffer): string | undefined {
    if (!peer.patience.bears(messageCost.extendedHandshake)) return 'it shakes hands too often'
    const extended = readExtendedHandshake(payload, peer.extended)
    if (!extended) return 'an extended handshake that is none'
    peer.extended = extended
    if (extended.requestQueue !== undefined) peer.pipeline.setPeerLimit(extended.requestQueue)
    if (extended.listenPort !== undefined && peer.socket.isIncoming)
      this.#init.onListenPort(peer, extended.listenPort)
    if (
      extended.ids.utMetadata !== undefined &&
      extended.metadataSize !== undefined &&
      !this.#init.infoBytes()
    )
      this.#fetch.addPeer(peer.id, extended.metadataSize)
    this.#init.exchange()?.fill(peer)
    return undefined
  }

  #onMetadataMessage(peer: Peer, payload: Buffer): void {
    const id = peer.extended?.ids.utMetadata
    if (!this.#init.infoBytes()) this.#fetch.onMessage(peer.id, payload)
    const answer = id === undefined ? undefined : this.#offer.answer(peer.id, payload)
    if (answer && id !== undefined) peer.sendExtended(id, answer)
  }

  /** The other peers, where others can reach them. */
  *#connected(except: Peer): Generator<{ address: string; isSeed: boolean; isEncrypted: boolean }> {
    for (const peer of this.#init.peers.values()) {
      if (peer === except || (peer.socket.isIncoming && peer.extended?.listenPort === undefined)) continue
      if (!isFit(peer.address, except)) continue
      yield { address: peer.address, isSeed: peer.isSeed, isEncrypted: peer.isObfuscated }
    }
  }
}

/** Whether an address is one that a peer may name, and be told: who is out in the world has no business in networks of ours. */
function isFit(address: string, { address: peers }: Peer): boolean {
  return !isPublicAddress(hostOf(peers)) || isPublicAddress(hostOf(address))
}
