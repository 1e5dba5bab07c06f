import type { AbortOptions } from '../../core/index.ts'
import type { DhtNode } from '../discovery/dht.ts'
import type { MutableItem } from '../discovery/dht-item.ts'
import {
  checkName,
  isPointerExpired,
  type PointerName,
  readPointer,
  type SignedPointer,
} from './signed-pointer.ts'

export interface ResolveOptions extends AbortOptions {
  /** Pointers with a lower seq are passed over. @default 0 */
  seqFloor?: number | undefined
}

/**
 * Looks for the newest pointer of a name: of all that the DHT answers, the one with the highest seq that is signed, not
 * expired and not below the floor.
 *
 * @throws {P2pShareError} `ERR_INVALID_POINTER` for a name that is none
 */
export async function resolvePointer(
  dht: DhtNode | undefined,
  name: PointerName,
  { seqFloor = 0, signal }: ResolveOptions = {},
): Promise<SignedPointer | undefined> {
  checkName(name)
  let newest: SignedPointer | undefined
  const take = (item: MutableItem) => {
    const pointer = pointerOf(item, name)
    if (!pointer || pointer.seq < seqFloor || isPointerExpired(pointer, new Date())) return false
    if (!newest || pointer.seq > newest.seq) newest = pointer
    return true
  }
  await dht?.get({ publicKey: name.publicKey, salt: Buffer.from(name.salt) }, take, { signal })
  return newest
}

/**
 * Puts a pointer into the DHT, whoever signed it, unless it has expired.
 *
 * @returns how many nodes took it
 * @throws {P2pShareError} `ERR_INVALID_POINTER`, `ERR_BAD_SIGNATURE`
 */
export async function publishPointer(
  dht: DhtNode | undefined,
  pointer: SignedPointer,
  options: AbortOptions = {},
): Promise<number> {
  const checked = readPointer(pointer)
  if (!dht || isPointerExpired(checked, new Date())) return 0
  return dht.put({ ...checked, salt: Buffer.from(checked.salt) }, options)
}

function pointerOf({ seq, value, signature }: MutableItem, name: PointerName): SignedPointer | undefined {
  try {
    return readPointer({ publicKey: name.publicKey, salt: name.salt, seq, value, signature })
  } catch {
    return undefined
  }
}
