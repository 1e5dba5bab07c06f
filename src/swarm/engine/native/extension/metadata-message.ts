import { encodeBencode, maxTorrentBytes } from '../../../../core/index.ts'
import { numberAt, readDictionary } from './read-dictionary.ts'

/** Bytes of the `info` dictionary in one message; the last one has what is left. */
export const metadataBlockLength = 16_384
/** A larger `info` dictionary is neither fetched nor handed out. */
export const maxMetadataBytes = maxTorrentBytes

const kinds = ['request', 'data', 'reject'] as const

/** A message of `ut_metadata` (BEP 9). */
export interface MetadataMessage {
  readonly kind: (typeof kinds)[number]
  /** Which block is meant. */
  readonly block: number
  /** Size of the whole, which only `data` tells. */
  readonly totalBytes?: number | undefined
  /** What follows the dictionary, a view of the payload; empty but for `data`. */
  readonly bytes: Uint8Array
}

const nothing = new Uint8Array(0)

/** Reads such a payload; `undefined` where it is none, or of a kind that BEP 9 does not know. */
export function readMetadataMessage(payload: Uint8Array): MetadataMessage | undefined {
  const found = readDictionary(payload)
  if (!found) return undefined
  const { dict, rest } = found
  const kind = kinds[numberAt(dict, 'msg_type', 0, kinds.length - 1) ?? -1]
  const block = numberAt(dict, 'piece', 0, blocksOf(maxMetadataBytes) - 1)
  if (kind === undefined || block === undefined) return undefined
  if (kind !== 'data') return { kind, block, bytes: nothing }
  if (rest.length > metadataBlockLength) return undefined
  return { kind, block, bytes: rest, totalBytes: numberAt(dict, 'total_size', 1, Number.MAX_SAFE_INTEGER) }
}

export function writeMetadataRequest(block: number): Uint8Array {
  return encodeBencode({ msg_type: 0, piece: block })
}

export function writeMetadataReject(block: number): Uint8Array {
  return encodeBencode({ msg_type: 2, piece: block })
}

/** @param infoBytes the whole, of which the block is a part */
export function writeMetadataData(block: number, infoBytes: Uint8Array): Uint8Array {
  const start = block * metadataBlockLength
  const head = encodeBencode({ msg_type: 1, piece: block, total_size: infoBytes.length })
  return Buffer.concat([head, infoBytes.subarray(start, start + metadataBlockLength)])
}

export function blocksOf(sizeBytes: number): number {
  return Math.ceil(sizeBytes / metadataBlockLength)
}
