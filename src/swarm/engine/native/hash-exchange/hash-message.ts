import { type Hex, nodeLength, powerOfTwoFrom } from '../../../../core/index.ts'
import { messageId, writeMessage } from '../wire/message.ts'

/** A row of nodes of a file's merkle tree, and how much goes with it to prove them (BEP 52). */
export interface HashRange {
  /** The file's pieces root, 64 digits. */
  readonly root: Hex
  /** Layers above the leaves. */
  readonly baseLayer: number
  /** First node within its layer, a multiple of `length`. */
  readonly index: number
  readonly length: number
  /** Layers above the base layer that are to be proven; see {@link uncleCount}. */
  readonly proofLayers: number
}

/** More nodes are neither asked for nor given: BEP 52 says so. */
export const maxHashes = 512
/** More layers than any torrent of ours can have. */
const maxLayers = 64
const rangeLength = nodeLength + 4 * 4

/** Reads the body of a hash request or hash reject; `undefined` where it is none. Whether such nodes exist is not looked at. */
export function readHashRange(body: Uint8Array): HashRange | undefined {
  return body.length === rangeLength ? rangeAt(body) : undefined
}

/**
 * Reads the body of a hashes message; `undefined` where its nodes are not as many as it says, or more than {@link maxHashes}.
 * The nodes are views of `body`.
 */
export function readHashes(
  body: Uint8Array,
): { range: HashRange; nodes: Uint8Array; uncles: Uint8Array } | undefined {
  if (body.length < rangeLength) return undefined
  const range = rangeAt(body)
  const { length, proofLayers } = range
  if (length < 1 || length > maxHashes || proofLayers > maxLayers) return undefined
  const unclesAt = rangeLength + length * nodeLength
  if (body.length !== unclesAt + uncleCount(range) * nodeLength) return undefined
  return { range, nodes: body.subarray(rangeLength, unclesAt), uncles: body.subarray(unclesAt) }
}

/** How many nodes prove a row: one a layer, from that where the row has become a single node up to the last proof layer. */
export function uncleCount({ length, proofLayers }: HashRange): number {
  return Math.max(0, proofLayers - Math.log2(powerOfTwoFrom(length)) + 1)
}

/** A whole message, with its length. */
export function writeHashRequest(range: HashRange): Buffer {
  return writeMessage(messageId.hashRequest, bytesOf(range))
}

export function writeHashReject(range: HashRange): Buffer {
  return writeMessage(messageId.hashReject, bytesOf(range))
}

/** @param nodes `range.length` nodes and the uncles after them, 32 bytes each */
export function writeHashes(range: HashRange, nodes: readonly Uint8Array[]): Buffer {
  return writeMessage(messageId.hashes, bytesOf(range), ...nodes)
}

function rangeAt(body: Uint8Array): HashRange {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  return {
    root: bytes.toString('hex', 0, nodeLength),
    baseLayer: bytes.readUInt32BE(nodeLength),
    index: bytes.readUInt32BE(nodeLength + 4),
    length: bytes.readUInt32BE(nodeLength + 8),
    proofLayers: bytes.readUInt32BE(nodeLength + 12),
  }
}

function bytesOf({ root, baseLayer, index, length, proofLayers }: HashRange): Buffer {
  const bytes = Buffer.alloc(rangeLength)
  bytes.write(root, 0, 'hex')
  bytes.writeUInt32BE(baseLayer, nodeLength)
  bytes.writeUInt32BE(index, nodeLength + 4)
  bytes.writeUInt32BE(length, nodeLength + 8)
  bytes.writeUInt32BE(proofLayers, nodeLength + 12)
  return bytes
}
