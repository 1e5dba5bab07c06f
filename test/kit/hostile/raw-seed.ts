import {
  type BencodeDict,
  decodeBencodePrefix,
  encodeBencode,
  type Metainfo,
} from '../../../src/core/index.ts'
import type { Owner } from '../owner.ts'
import { hostileHost, listenRaw, type RawMessage, type RawPeer, readRequest } from './raw-peer.ts'
import { allPieces, hello, message, say } from './speech.ts'

const metadataPiece = 16_384
/** What we have the other side call ut_metadata when it writes to us. */
const ourMetadataId = 3

export interface RawSeedInit {
  readonly metainfo: Metainfo
  readonly content: Uint8Array
  /** @default {@link hostileHost} */
  readonly host?: string
  /** What is sent for a request: the block as it is, other bytes, or nothing at all. @default the truth */
  readonly block?: (piece: number, begin: number, block: Buffer) => Uint8Array | undefined
  /** What the metadata is said to be (BEP 9). @default the truth */
  readonly infoBytes?: Uint8Array
  /** How long the metadata is said to be. @default as long as it is */
  readonly metadataSize?: number
  /** Whether it lets the other side ask for blocks. @default true */
  readonly unchokes?: boolean
  /** Called when a connection has shaken hands, before the seed says what it has. */
  readonly onPeer?: (peer: RawPeer) => void
}

export interface RawSeed {
  readonly address: string
  /** Connections that came as far as a handshake. */
  readonly peers: readonly RawPeer[]
  /** Requests that came, with those not answered. */
  requests(): number
  /** Bytes of blocks that were sent. */
  sentBytes(): number
}

/** A peer on a host of its own that has all of a torrent, and lies, dawdles or falls silent where told. */
export async function startRawSeed(owner: Owner, init: RawSeedInit): Promise<RawSeed> {
  const peers: RawPeer[] = []
  const count = { requests: 0, sentBytes: 0 }
  const address = await listenRaw(owner, peer => void serve(peer).catch(() => {}), init.host ?? hostileHost)
  const serve = async (peer: RawPeer) => {
    await peer.hello
    peers.push(peer)
    actAsSeed(peer, init, count)
  }
  return { address, peers, requests: () => count.requests, sentBytes: () => count.sentBytes }
}

/** Has a connection, whoever began it, speak as a {@link RawSeed} from its handshake on. */
export function actAsSeed(
  peer: RawPeer,
  init: RawSeedInit,
  count: { requests: number; sentBytes: number } = { requests: 0, sentBytes: 0 },
): void {
  const { metainfo, content, infoBytes = metainfo.infoBytes, block = (_piece, _begin, bytes) => bytes } = init
  peer.say(hello({ infoHash: metainfo.infoHash! }))
  init.onPeer?.(peer)
  const metadataSize = init.metadataSize ?? infoBytes.length
  peer.say(say.extended(0, { m: { ut_metadata: ourMetadataId }, metadata_size: metadataSize, reqq: 500 }))
  peer.say(say.bitfield(allPieces(metainfo.pieceCount)))
  if (init.unchokes !== false) peer.say(say.unchoke)
  let theirMetadataId = 0
  const onExtended = (body: Buffer) => {
    const found = readDictionary(body.subarray(1))
    if (!found) return
    if (body[0] === 0) {
      theirMetadataId = Number((found.get('m') as BencodeDict | undefined)?.get('ut_metadata') ?? 0)
    } else if (body[0] === ourMetadataId && Number(found.get('msg_type')) === 0) {
      const piece = Number(found.get('piece'))
      const tail = infoBytes.subarray(piece * metadataPiece, (piece + 1) * metadataPiece)
      const head = encodeBencode({ msg_type: 1, piece, total_size: metadataSize })
      peer.say(message(20, Buffer.from([theirMetadataId]), head, tail))
    }
  }
  peer.listen(({ id, body }: RawMessage) => {
    if (id === 20) onExtended(body)
    const asked = id === 6 ? readRequest(body) : undefined
    if (!asked) return
    count.requests++
    const at = asked.piece * metainfo.pieceLength + asked.begin
    const bytes = block(asked.piece, asked.begin, Buffer.from(content.subarray(at, at + asked.length)))
    if (!bytes) return
    count.sentBytes += bytes.length
    peer.say(say.block(asked.piece, asked.begin, bytes))
  })
}

function readDictionary(bytes: Uint8Array): BencodeDict | undefined {
  try {
    return decodeBencodePrefix(bytes).value as BencodeDict
  } catch {
    return undefined
  }
}
