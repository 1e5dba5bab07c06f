import {
  BencodeDict,
  decodeBencode,
  encodeBencode,
  type Hex,
  type Identity,
  P2pShareError,
} from '../../core/index.ts'
import { isSigned, maxSaltBytes, maxValueBytes, signedBytes } from '../discovery/dht-item.ts'

/** What a pointer is known by: the key that signs it, and a salt that keeps the pointers of one key apart. */
export interface PointerName {
  /** An Ed25519 public key, 64 hexadecimal digits. */
  readonly publicKey: Hex
  /** At most 64 bytes of UTF-8; empty for none. */
  readonly salt: string
}

/** What is kept of a pointer so that {@link readPointer} reads it again. */
export interface RawPointer extends PointerName {
  /** Grows with each change: an integer from 0 to 2^53 - 1. */
  readonly seq: number
  /** The bencoded dictionary that was signed (BEP 46), at most 1000 bytes. */
  readonly value: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** A pointer to the newest torrent of its key and salt (BEP 46), its signature verified. */
export interface SignedPointer extends RawPointer {
  /** v1 info-hash, 40 digits. */
  readonly infoHash: Hex
  /** After this it says nothing any more; `undefined` for never. */
  readonly expiresAt: Date | undefined
}

export interface PointerDraft {
  /** v1 info-hash, 40 digits. */
  readonly infoHash: Hex
  readonly seq: number
  /** @default none */
  readonly salt?: string
  /** Cut to whole seconds. @default never */
  readonly expiresAt?: Date | undefined
}

/** Where the expiry stands in the value, in seconds since 1970: clients that do not know of it pass over it. */
const expiryKey = 'exp'
/** The last second that a Date can tell. */
const maxExpirySeconds = 8_640_000_000_000
const limits = { maxDepth: 16, maxItems: 1_000 }

/**
 * Signs a pointer (BEP 46, BEP 44).
 *
 * @throws {P2pShareError} `ERR_INVALID_POINTER` for an info-hash, salt, seq or expiry that is none
 */
export function signPointer(draft: PointerDraft, identity: Identity): SignedPointer {
  const { infoHash, seq, salt = '', expiresAt } = draft
  const name = { publicKey: identity.publicKey, salt }
  checkName(name)
  checkSeq(seq, name)
  if (!/^[0-9a-f]{40}$/.test(infoHash)) throw invalid(name, 'its info-hash has not 40 hexadecimal digits')
  const seconds = expiresAt && Math.floor(expiresAt.getTime() / 1_000)
  if (seconds !== undefined && !(seconds >= 0)) throw invalid(name, 'its expiry is no time after 1970')
  const value = encodeBencode({ [expiryKey]: seconds, ih: Buffer.from(infoHash, 'hex') })
  const signature = identity.sign(signedBytes({ salt: Buffer.from(salt), seq, value }))
  return readPointer({ ...name, seq, value, signature })
}

/**
 * Reads a pointer that anybody may have made. The signature is verified over the value's bytes as they are; what else its
 * value says is left to whoever knows it. Whether it has expired is not asked here: see {@link isPointerExpired}.
 *
 * @throws {P2pShareError} `ERR_INVALID_POINTER`, `ERR_BAD_SIGNATURE`
 */
export function readPointer(raw: RawPointer): SignedPointer {
  const { publicKey, salt, seq } = raw
  checkName(raw)
  checkSeq(seq, raw)
  if (raw.value.length > maxValueBytes) throw invalid(raw, `its value is longer than ${maxValueBytes} bytes`)
  // Its own bytes: what comes from the network are views of whole datagrams.
  const [value, signature] = [Uint8Array.from(raw.value), Uint8Array.from(raw.signature)]
  const { infoHash, expiresAt } = readValue(value, raw)
  if (!isSigned({ publicKey, salt: Buffer.from(salt), seq, value, signature }))
    throw new P2pShareError('ERR_BAD_SIGNATURE', `Pointer ${seq} of ${publicKey} is not signed by that key`)
  return Object.freeze({ publicKey, salt, seq, infoHash, expiresAt, value, signature })
}

/** Whether a pointer says nothing any more. */
export function isPointerExpired({ expiresAt }: SignedPointer, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** @throws {P2pShareError} `ERR_INVALID_POINTER` for what cannot be a pointer's name */
export function checkName(name: PointerName): void {
  const { publicKey, salt } = name
  if (!/^[0-9a-f]{64}$/.test(publicKey)) throw invalid(name, 'its key has not 64 hexadecimal digits')
  if (!salt.isWellFormed()) throw invalid(name, 'its salt is no text')
  if (Buffer.byteLength(salt) > maxSaltBytes)
    throw invalid(name, `its salt is longer than ${maxSaltBytes} bytes`)
}

function checkSeq(seq: number, name: PointerName): void {
  if (!Number.isSafeInteger(seq) || seq < 0) throw invalid(name, 'its seq is not from 0 to 2^53 - 1')
}

function readValue(value: Uint8Array, name: PointerName): Pick<SignedPointer, 'infoHash' | 'expiresAt'> {
  const dict = decodeValue(value, name)
  const [infoHash, seconds] = [dict.get('ih'), dict.get(expiryKey)]
  if (!(infoHash instanceof Uint8Array) || infoHash.length !== 20)
    throw invalid(name, 'its value names no info-hash of 20 bytes')
  if (seconds === undefined) return { infoHash: Buffer.from(infoHash).toString('hex'), expiresAt: undefined }
  if (typeof seconds !== 'number' || seconds < 0 || seconds > maxExpirySeconds)
    throw invalid(name, 'its expiry is no time after 1970')
  return { infoHash: Buffer.from(infoHash).toString('hex'), expiresAt: new Date(seconds * 1_000) }
}

function decodeValue(value: Uint8Array, name: PointerName): BencodeDict {
  try {
    const dict = decodeBencode(value, limits)
    if (dict instanceof BencodeDict) return dict
  } catch (error) {
    throw invalid(name, 'its value is damaged', error)
  }
  throw invalid(name, 'its value is no dictionary')
}

function invalid({ publicKey }: PointerName, why: string, cause?: unknown): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_POINTER',
    `The pointer of ${String(publicKey).slice(0, 64)} cannot be used: ${why}`,
    { cause },
  )
}
