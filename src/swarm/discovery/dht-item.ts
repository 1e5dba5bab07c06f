import { createHash } from 'node:crypto'
import { type Hex, verifySignature } from '../../core/index.ts'

/** BEP 44: of a salt, and of a value as it is bencoded. */
export const maxSaltBytes = 64
export const maxValueBytes = 1_000

/** What a mutable item of the DHT is looked up by (BEP 44). */
export interface ItemName {
  /** An Ed25519 public key, 64 hexadecimal digits. */
  readonly publicKey: Hex
  /** Keeps the items of one key apart; empty for none. At most 64 bytes. */
  readonly salt: Uint8Array
}

/** A mutable item as it travels through the DHT (BEP 44), signed or said to be. */
export interface MutableItem extends ItemName {
  readonly seq: number
  /** Bencoded, at most 1000 bytes: just what was signed. */
  readonly value: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** The 20 bytes near which nodes keep the item: SHA-1 of key and salt. */
export function itemTarget({ publicKey, salt }: ItemName): Buffer {
  return createHash('sha1').update(publicKey, 'hex').update(salt).digest()
}

/** What the signature of an item is made over: `4:salt…3:seqi…e1:v…`, without the salt where it is empty. */
export function signedBytes({ salt, seq, value }: Pick<MutableItem, 'salt' | 'seq' | 'value'>): Uint8Array {
  const parts = [Buffer.from(`3:seqi${seq}e1:v`), value]
  return Buffer.concat(salt.length > 0 ? [Buffer.from(`4:salt${salt.length}:`), salt, ...parts] : parts)
}

/** Whether the item is signed by its key. */
export function isSigned(item: MutableItem): boolean {
  return verifySignature(item.publicKey, signedBytes(item), item.signature)
}
