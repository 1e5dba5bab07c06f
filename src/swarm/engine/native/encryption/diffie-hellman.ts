import { randomBytes } from 'node:crypto'

/** Length of a public key and of a secret, in bytes. */
export const keyLength = 96

// The 768-bit prime of MSE. It is not Oakley group 1, though it begins like it.
const prime = BigInt(
  '0xffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404dd' +
    'ef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a63a36210000000000090563',
)
const generator = 2n
// MSE's advice: longer exponents make it slower and, with this prime, no safer.
const privateKeyLength = 20

export interface KeyPair {
  readonly publicKey: Buffer
  /** The secret shared with whoever has the other key; `undefined` where that is not between 2 and p - 2. */
  secretWith(theirs: Uint8Array): Buffer | undefined
}

/**
 * A key pair for one connection. About 0.25 ms, and as much again for the secret: OpenSSL is twice as fast, but proves the prime
 * first, which takes 20 ms before the first connection of every process. The time it takes tells of the key; what is hidden
 * by it is hidden from whoever looks on, not from whoever measures.
 */
export function newKeyPair(): KeyPair {
  const privateKey = BigInt(`0x${randomBytes(privateKeyLength).toString('hex')}`)
  return {
    publicKey: toBytes(power(generator, privateKey)),
    secretWith: theirs => {
      const key = BigInt(`0x${Buffer.from(theirs).toString('hex') || '0'}`)
      return key > 1n && key < prime - 1n ? toBytes(power(key, privateKey)) : undefined
    },
  }
}

/** `base` to the power of `exponent`, modulo the prime, four bits of the exponent at a time. */
function power(base: bigint, exponent: bigint): bigint {
  const digits = exponent.toString(16)
  const powers = [1n]
  for (let digit = 1; digit < 16; digit++) powers.push((powers[digit - 1]! * base) % prime)
  let result = 1n
  for (const digit of digits) {
    for (let bit = 0; bit < 4; bit++) result = (result * result) % prime
    const factor = powers[Number.parseInt(digit, 16)]!
    if (factor !== 1n) result = (result * factor) % prime
  }
  return result
}

/** Numbers are hashed and sent at their full width, zeros first. */
function toBytes(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(keyLength * 2, '0'), 'hex')
}
