import type { StoredItem } from 'bittorrent-dht'
import { BencodeDict, decodeBencode } from '../../core/index.ts'
import type { ItemName, MutableItem } from './dht-item.ts'

/** The item of which the library says that its signature was made over `signed`, the value in it as the guard wrote it. */
export function readSigned(
  signature: Uint8Array,
  signed: Uint8Array,
  publicKey: Uint8Array,
): MutableItem | undefined {
  const dict = decodeBencode(Buffer.concat([Buffer.from('d'), signed, Buffer.from('e')]))
  if (!(dict instanceof BencodeDict)) return undefined
  const [salt = new Uint8Array(), seq, value] = [dict.get('salt'), dict.get('seq'), dict.get('v')]
  if (!(salt instanceof Uint8Array) || typeof seq !== 'number' || !(value instanceof Uint8Array))
    return undefined
  return { publicKey: Buffer.from(publicKey).toString('hex'), salt, seq, value, signature }
}

/** The item that the library itself holds under a name. */
export function heldItem({ k, v, seq, sig }: StoredItem, { salt }: ItemName): MutableItem | undefined {
  if (!k || !sig || seq === undefined) return undefined
  return { publicKey: Buffer.from(k).toString('hex'), salt, seq, value: v, signature: sig }
}
