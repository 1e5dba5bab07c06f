import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Hex } from '../torrent/info-hash.ts'

// SubjectPublicKeyInfo in front of the 32 bytes of an Ed25519 public key (RFC 8410).
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const maxKnownKeys = 1_000

/** Making a key object costs a fifth of a verification, and few keys sign nearly everything. */
const knownKeys = new Map<Hex, KeyObject>()

/**
 * Whether `signature` is the Ed25519 signature (RFC 8032) of `bytes` under `publicKey`, 64 hexadecimal digits. What
 * cannot be a key or a signature verifies nothing.
 */
export function verifySignature(publicKey: Hex, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = signature.length === 64 ? keyObject(publicKey) : undefined
  return key !== undefined && verify(null, bytes, key, signature)
}

/** The same off the calling thread, so that many signatures are verified on all cores. */
export async function verifySignatureInBackground(
  publicKey: Hex,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = signature.length === 64 ? keyObject(publicKey) : undefined
  if (!key) return false
  return new Promise((resolve, reject) =>
    verify(null, bytes, key, signature, (error, isGood) => (error ? reject(error) : resolve(isGood))),
  )
}

function keyObject(publicKey: Hex): KeyObject | undefined {
  const known = knownKeys.get(publicKey)
  if (known) return known
  if (!/^[0-9a-f]{64}$/.test(publicKey)) return undefined
  try {
    const der = Buffer.concat([publicPrefix, Buffer.from(publicKey, 'hex')])
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (knownKeys.size >= maxKnownKeys) knownKeys.clear()
    knownKeys.set(publicKey, key)
    return key
  } catch {
    return undefined
  }
}
