import { type Bencodable, encodeBencode } from '../../../../core/index.ts'
import {
  compactV4Length,
  compactV6Length,
  readCompactAddress,
  writeCompactAddress,
} from '../../../peer-address/compact-address.ts'
import { bytesAt, readDictionary } from './read-dictionary.ts'

/** Peers of a message that are read, both families together. */
const maxAdded = 100

/** Flags of BEP 11. */
const prefersEncryption = 0x01
const isSeedFlag = 0x02
const isReachable = 0x10

/** A peer that others are told of. */
export interface PexPeer {
  readonly address: string
  readonly isSeed: boolean
  readonly isEncrypted: boolean
}

export interface PexMessage {
  /** Peers that the sender is connected to, 100 at most. */
  readonly added: readonly string[]
}

/** Reads the payload of `ut_pex` (BEP 11); `undefined` where it is no dictionary. What has a wrong type is left out. */
export function readPex(payload: Uint8Array): PexMessage | undefined {
  const dict = readDictionary(payload)?.dict
  if (!dict) return undefined
  const added: string[] = []
  readPeers(bytesAt(dict, 'added'), compactV4Length, added)
  readPeers(bytesAt(dict, 'added6'), compactV6Length, added)
  return { added }
}

/** Writes a payload. Peers whose address is none are left out. */
export function writePex(added: Iterable<PexPeer>, dropped: Iterable<string>): Uint8Array {
  const v4 = { added: [] as Buffer[], flags: [] as number[], dropped: [] as Buffer[] }
  const v6 = { added: [] as Buffer[], flags: [] as number[], dropped: [] as Buffer[] }
  for (const peer of added) {
    const compact = writeCompactAddress(peer.address)
    if (!compact) continue
    const family = compact.length === compactV4Length ? v4 : v6
    family.added.push(compact)
    family.flags.push(flagsOf(peer))
  }
  for (const address of dropped) {
    const compact = writeCompactAddress(address)
    if (compact) (compact.length === compactV4Length ? v4 : v6).dropped.push(compact)
  }
  const dict: Record<string, Bencodable> = {}
  for (const [suffix, family] of [
    ['', v4],
    ['6', v6],
  ] as const) {
    dict[`added${suffix}`] = Buffer.concat(family.added)
    dict[`added${suffix}.f`] = Buffer.from(family.flags)
    dict[`dropped${suffix}`] = Buffer.concat(family.dropped)
  }
  return encodeBencode(dict)
}

function flagsOf({ isSeed, isEncrypted }: PexPeer): number {
  return isReachable | (isSeed ? isSeedFlag : 0) | (isEncrypted ? prefersEncryption : 0)
}

function readPeers(bytes: Uint8Array | undefined, length: number, into: string[]): void {
  if (!bytes) return
  const end = Math.min(bytes.length, maxAdded * length)
  for (let at = 0; at + length <= end && into.length < maxAdded; at += length) {
    const address = readCompactAddress(bytes.subarray(at, at + length))
    if (address !== undefined) into.push(address)
  }
}
