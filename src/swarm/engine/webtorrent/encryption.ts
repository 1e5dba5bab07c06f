import type { Wire } from 'webtorrent'
import type { EncryptionPolicy } from '../../engine.ts'

/** webtorrent's own numbers for how a connection begins. */
export const secureLevel: Record<EncryptionPolicy, number> = { off: 0, prefer: 1, require: 2 }

const rc4 = 2

/**
 * Whether a connection is as the policy wants it. webtorrent takes a plain handshake whatever it was told; connections of
 * WebRTC are encrypted by themselves, those to web seeds as their URL says.
 */
export function keepsPolicy(policy: EncryptionPolicy, wire: Wire): boolean {
  return policy !== 'require' || !wire.type.startsWith('tcp') || wire._encryptionMethod === rc4
}
