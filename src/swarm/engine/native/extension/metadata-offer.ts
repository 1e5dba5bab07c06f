import {
  blocksOf,
  metadataBlockLength,
  readMetadataMessage,
  writeMetadataData,
  writeMetadataReject,
} from './metadata-message.ts'

/** Beyond the whole dictionary once, a peer may ask for a few blocks again. */
const spareBlocks = 64
const blocksPerSecond = 4
/** What one torrent hands out in blocks, over all peers: 32 MiB at once, then 8 MiB a second. */
const allBlocks = 2_048
const allBlocksPerSecond = 512
/** Rejects in a row; who asks on gets no answer. */
const maxRejects = 64

/** Blocks that may be handed out still, refilled as time goes by. */
interface Allowance {
  blocks: number
  atMs: number
  rejects: number
}

/** Hands the `info` dictionary to peers that ask for it (BEP 9), each at a rate that costs little. */
export class MetadataOffer {
  readonly #infoBytes: () => Uint8Array | undefined
  readonly #now: () => number
  readonly #peers = new Map<number, Allowance>()
  readonly #all: Allowance

  /** @param infoBytes the raw `info` dictionary, or `undefined` as long as it is not known: then every request is rejected */
  constructor(infoBytes: () => Uint8Array | undefined, now: () => number = () => performance.now()) {
    this.#infoBytes = infoBytes
    this.#now = now
    this.#all = { blocks: allBlocks, atMs: now(), rejects: 0 }
  }

  /** The payload to send back, `undefined` where none is due: to what is no request, and to a flood. */
  answer(peer: number, payload: Uint8Array): Uint8Array | undefined {
    const message = readMetadataMessage(payload)
    if (message?.kind !== 'request') return undefined
    const { block } = message
    const infoBytes = this.#infoBytes()
    const allowance = this.#allowanceOf(peer, infoBytes)
    const isHad = infoBytes !== undefined && block * metadataBlockLength < infoBytes.length
    if (isHad && this.#mayTake(allowance)) {
      allowance.blocks--
      this.#all.blocks--
      allowance.rejects = 0
      return writeMetadataData(block, infoBytes)
    }
    return allowance.rejects++ < maxRejects ? writeMetadataReject(block) : undefined
  }

  removePeer(peer: number): void {
    this.#peers.delete(peer)
  }

  #allowanceOf(peer: number, infoBytes: Uint8Array | undefined): Allowance {
    const nowMs = this.#now()
    const most = spareBlocks + blocksOf(infoBytes?.length ?? 0)
    let allowance = this.#peers.get(peer)
    if (!allowance) {
      allowance = { blocks: Number.POSITIVE_INFINITY, atMs: nowMs, rejects: 0 }
      this.#peers.set(peer, allowance)
    }
    // How many are enough is known when the dictionary is.
    if (infoBytes) refill(allowance, nowMs, blocksPerSecond, most)
    refill(this.#all, nowMs, allBlocksPerSecond, allBlocks)
    return allowance
  }

  #mayTake(allowance: Allowance): boolean {
    return allowance.blocks >= 1 && this.#all.blocks >= 1
  }
}

function refill(allowance: Allowance, nowMs: number, perSecond: number, most: number): void {
  allowance.blocks = Math.min(most, allowance.blocks + ((nowMs - allowance.atMs) / 1000) * perSecond)
  allowance.atMs = nowMs
}
