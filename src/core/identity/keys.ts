import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto'
import { P2pShareError } from '../errors.ts'
import type { Hex } from '../torrent/info-hash.ts'

/** Length of an Ed25519 seed and of a public key (RFC 8032). */
const keyBytes = 32
// PKCS #8 in front of the 32 bytes of an Ed25519 seed (RFC 8410).
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** An Ed25519 key pair (RFC 8032) that signs; what is secret in it leaves only through {@link Identity.seed}. */
export interface Identity {
  /** 64 hexadecimal digits. */
  readonly publicKey: Hex
  /** Signs with Ed25519: 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array
  /** The 32 secret bytes that the pair is made of. */
  seed(): Uint8Array
}

/** Makes a new identity of random bytes. */
export function generateIdentity(): Identity {
  return identityOf(generateKeyPairSync('ed25519').privateKey)
}

/**
 * The identity of 32 secret bytes.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTITY` where they are not 32
 */
export function identityFromSeed(seed: Uint8Array): Identity {
  if (seed.length !== keyBytes)
    throw new P2pShareError(
      'ERR_INVALID_IDENTITY',
      `An identity is made of ${keyBytes} bytes, not ${seed.length}`,
    )
  return identityOf(
    createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' }),
  )
}

function identityOf(privateKey: KeyObject): Identity {
  const publicBytes = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-keyBytes)
  return Object.freeze({
    publicKey: publicBytes.toString('hex'),
    sign: (bytes: Uint8Array) => signBytes(null, bytes, privateKey),
    seed: () => privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-keyBytes),
  })
}
