import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Hex } from '../core/index.ts'

/** A secret that cannot be guessed: 256 random bits as 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What a server keeps of a token: its SHA-256. Enough, for a token is random all through and cannot be searched for. */
export function hashToken(token: string): Hex {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether two tokens, or two hashes, are the same; takes as long wherever they differ. */
export function sameToken(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
