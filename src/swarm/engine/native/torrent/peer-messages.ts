import { blockLength, messageId } from '../wire/message.ts'
import { costOfAll, costOfSearch, messageCost } from './patience.ts'
import type { Peer } from './peer.ts'
import type { PieceExchange } from './piece-exchange.ts'

/** Pieces that a peer may name before the metainfo is known; a torrent has 2,097,152 at most. */
const maxEarlyBitfieldBytes = 262_144
const maxEarlyHaves = 10_000
/** BEP 6 has ten of them. */
const maxAllowedFast = 64

export interface MessageContext {
  /** `undefined` until the metainfo is known. */
  readonly exchange: PieceExchange | undefined
  readonly onExtended: (peer: Peer, extensionId: number, payload: Buffer) => string | undefined
  readonly onHashMessage: (peer: Peer, id: number, body: Buffer) => string | undefined
  /** The peer wants something of us now, or no more. */
  readonly onInterest: (peer: Peer) => void
}

/**
 * Takes in one message. Answers why the connection should be ended, where the message breaks the protocol; messages of ids that
 * we do not know are passed over.
 */
export function takeMessage(
  context: MessageContext,
  peer: Peer,
  id: number,
  body: Buffer,
): string | undefined {
  switch (id) {
    case messageId.choke:
      return onChoke(context, peer)
    case messageId.unchoke:
      if (!peer.chokesUs) return undefined
      peer.chokesUs = false
      context.exchange?.fill(peer)
      return undefined
    case messageId.interested:
    case messageId.notInterested:
      if (peer.isInterested === (id === messageId.interested)) return undefined
      peer.isInterested = id === messageId.interested
      context.onInterest(peer)
      return undefined
    case messageId.have:
      return onHave(context, peer, body)
    case messageId.bitfield:
    case messageId.haveAll:
    case messageId.haveNone:
      return onPieces(context, peer, id, body)
    case messageId.request:
    case messageId.cancel:
    case messageId.reject:
      return onBlockReference(context, peer, id, body)
    case messageId.allowedFast:
      return onAllowedFast(context, peer, body)
    case messageId.extended:
      return body.length === 0
        ? 'an empty extended message'
        : context.onExtended(peer, body[0]!, body.subarray(1))
    case messageId.hashRequest:
    case messageId.hashes:
    case messageId.hashReject:
      return context.onHashMessage(peer, id, body)
    default:
      return undefined
  }
}

function onChoke({ exchange }: MessageContext, peer: Peer): string | undefined {
  if (peer.chokesUs) return undefined
  if (!peer.patience.bears(messageCost.choke)) return 'it chokes too often'
  peer.chokesUs = true
  // BEP 6: a peer that speaks it rejects each request that it will not answer.
  if (peer.hasFast) return undefined
  exchange?.downloads.release(peer, false)
  exchange?.fillAll()
  return undefined
}

function onHave({ exchange }: MessageContext, peer: Peer, body: Buffer): string | undefined {
  if (body.length !== 4) return `a have of ${body.length} bytes`
  const piece = body.readUInt32BE(0)
  if (exchange) return exchange.pieces.have(peer, piece) ? undefined : `a have of piece ${piece}`
  if (peer.early.haves.length < maxEarlyHaves) peer.early.haves.push(piece)
  return undefined
}

function onPieces({ exchange }: MessageContext, peer: Peer, id: number, body: Buffer): string | undefined {
  if (id !== messageId.bitfield && body.length > 0) return 'a have all or have none with a body'
  if (id === messageId.haveNone) return undefined
  const pieceCount = exchange?.content.metainfo.pieceCount ?? body.length * 8
  if (!peer.patience.bears(costOfAll(pieceCount))) return 'it tells of its pieces too often'
  if (id === messageId.haveAll) {
    if (exchange) exchange.pieces.haveAll(peer)
    else peer.early.all = true
    return undefined
  }
  if (exchange) return exchange.pieces.bitfield(peer, body) ? undefined : `a bitfield of ${body.length} bytes`
  if (body.length > maxEarlyBitfieldBytes) return `a bitfield of ${body.length} bytes`
  peer.early.bits = Buffer.from(body)
  return undefined
}

function onBlockReference(
  { exchange }: MessageContext,
  peer: Peer,
  id: number,
  body: Buffer,
): string | undefined {
  if (body.length !== 12) return `a request of ${body.length} bytes`
  const piece = body.readUInt32BE(0)
  const begin = body.readUInt32BE(4)
  const length = body.readUInt32BE(8)
  if (id === messageId.cancel) {
    if (!peer.patience.bears(costOfSearch(peer.uploads.sizeOf(piece)))) return 'it takes back too often'
    // BEP 6: every request is answered, by its block or by a reject.
    if (peer.uploads.cancel(piece, begin, length)) peer.sendReject(piece, begin, length)
    return undefined
  }
  if (id === messageId.reject) return onReject(exchange, peer, piece, begin)
  if (!exchange) {
    peer.sendReject(piece, begin, length)
    return undefined
  }
  if (exchange.uploads.request(peer, piece, begin, length)) return undefined
  return `a request for ${length} bytes at ${begin} of piece ${piece}, of ${blockLength} at most`
}

function onReject(
  exchange: PieceExchange | undefined,
  peer: Peer,
  piece: number,
  begin: number,
): string | undefined {
  const kind = exchange?.downloads.reject(peer, piece, begin)
  if (kind === 'unasked') return 'a reject of what nobody asked for'
  if (!exchange || peer.chokesUs) return undefined
  if (kind === 'asked') exchange.pieces.refused(peer, piece)
  exchange.fill(peer)
  return undefined
}

function onAllowedFast({ exchange }: MessageContext, peer: Peer, body: Buffer): string | undefined {
  if (body.length !== 4) return 'an allowed fast without a piece'
  const piece = body.readUInt32BE(0)
  if (!peer.hasFast || peer.allowedFast.size >= maxAllowedFast || peer.allowedFast.has(piece))
    return undefined
  peer.allowedFast.add(piece)
  if (peer.chokesUs) exchange?.fill(peer)
  return undefined
}
