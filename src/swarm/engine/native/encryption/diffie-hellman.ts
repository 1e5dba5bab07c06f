import { createDiffieHellman, type DiffieHellman, randomBytes } from 'node:crypto'

/** Length of a public key and of a secret, in bytes. */
export const keyLength = 96

// The 768-bit prime of MSE. It is not Oakley group 1, though it begins like it.
const prime =
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
  'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563'
const generator = 2
// MSE's advice: longer exponents make it slower and, with this prime, no safer.
const privateKeyLength = 20

export interface KeyPair {
  readonly publicKey: Buffer
  /** The secret shared with whoever has the other key; `undefined` where that is not between 2 and p - 2. */
  secretWith(theirs: Uint8Array): Buffer | undefined
}

let shared: DiffieHellman | undefined

/** A key pair for one connection. About 0.1 ms, and as much again for the secret. */
export function newKeyPair(): KeyPair {
  // One object for all: making it proves the prime, which takes 20 ms.
  shared ??= createDiffieHellman(prime, 'hex', Buffer.of(generator))
  const group = shared
  const privateKey = randomBytes(privateKeyLength)
  group.setPrivateKey(privateKey)
  return {
    publicKey: padded(group.generateKeys()),
    secretWith: theirs => {
      group.setPrivateKey(privateKey)
      try {
        return padded(group.computeSecret(theirs))
      } catch {
        return undefined
      }
    },
  }
}

/** Numbers are hashed and sent at their full width, zeros first. */
function padded(bytes: Buffer): Buffer {
  if (bytes.length === keyLength) return bytes
  const full = Buffer.alloc(keyLength)
  bytes.copy(full, keyLength - bytes.length)
  return full
}
