import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import type { Hex } from '../../core/index.ts'

// RFC 5321, 4.5.3.1: of the local part, and of a path without its brackets.
const maxLocalLength = 64
const maxLength = 254

/**
 * Reads an e-mail address as mail servers take it: a dot-atom before the @ (RFC 5322, without quoted forms), a host name
 * with a dot behind it, put into ASCII and lower case. `undefined` for what is none.
 */
export function readEmailAddress(text: string): string | undefined {
  if (text.length > maxLength * 2) return undefined
  const trimmed = text.trim()
  const at = trimmed.lastIndexOf('@')
  const local = trimmed.slice(0, at)
  if (at < 1 || local.length > maxLocalLength) return undefined
  if (!/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local)) return undefined
  const domain = /[\s/?#%@:[\]\\]/.test(trimmed.slice(at + 1)) ? '' : domainToASCII(trimmed.slice(at + 1))
  const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
  const isHost = new RegExp(`^(?:${label}\\.)+(?!\\d+$)${label}$`).test(domain)
  const address = `${local}@${domain}`
  return isHost && address.length <= maxLength ? address : undefined
}

/** What an address is counted and blocked by, whatever case it is written in. */
export function hashEmailAddress(address: string): Hex {
  return createHash('sha256').update(address.toLowerCase()).digest('hex')
}

/** Enough of an address for a moderator to know it again: `m…@example.org`. */
export function hintOfEmailAddress(address: string): string {
  return `${address[0]}…${address.slice(address.lastIndexOf('@'))}`
}
