import { cleanName, type Hex, P2pShareError, visibleName } from '../../core/index.ts'
import { maxSaltBytes } from '../discovery/dht-item.ts'
import { checkName, type PointerName } from './signed-pointer.ts'

/** What a link to a pointer says. */
export interface PointerLink extends PointerName {
  /** The display name, cleaned like the name of a file; a hint and no more. */
  readonly name?: string | undefined
}

const maxLinkLength = 2_048
const base32Digits = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * The magnet link of a pointer (BEP 46): `magnet:?xs=urn:btpk:<key>&s=<salt, hexadecimal>&dn=<name>`.
 *
 * @throws {P2pShareError} `ERR_INVALID_POINTER` for what cannot be a pointer's name
 */
export function pointerLink({ publicKey, salt, name }: PointerLink): string {
  checkName({ publicKey, salt })
  const hint = name === undefined ? undefined : readName(name)
  const parameters = [
    `xs=urn:btpk:${publicKey}`,
    ...(salt ? [`s=${Buffer.from(salt).toString('hex')}`] : []),
    ...(hint ? [`dn=${encodeURIComponent(hint)}`] : []),
  ]
  return `magnet:?${parameters.join('&')}`
}

/**
 * Reads the magnet link of a pointer, or a bare key of 64 hexadecimal digits, which has no salt. Parameters that it does not
 * know are passed over.
 *
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`
 */
export function readPointerLink(text: string): PointerLink {
  const link = text.trim()
  if (/^[0-9a-f]{64}$/i.test(link)) return Object.freeze({ publicKey: link.toLowerCase(), salt: '' })
  if (link.length > maxLinkLength) throw invalid(link, `it is longer than ${maxLinkLength} characters`)
  if (!/^magnet:\?/i.test(link)) throw invalid(link, 'it does not begin with magnet:?xs=urn:btpk:')
  const parameters = [...new URLSearchParams(link.slice(link.indexOf('?') + 1))].map(
    ([key, value]) => [key.toLowerCase(), value] as const,
  )
  const valuesOf = (key: string) => parameters.flatMap(([name, value]) => (name === key ? [value] : []))
  const keys = valuesOf('xs').flatMap(source => /^urn:btpk:(.*)$/is.exec(source)?.[1] ?? [])
  const publicKey = only(
    keys.map(key => readKey(key, link)),
    () => invalid(link, 'it names two keys'),
  )
  if (publicKey === undefined) throw invalid(link, 'it has no key (xs=urn:btpk:…)')
  const salt = only(
    valuesOf('s').map(digits => readSalt(digits, link)),
    () => invalid(link, 'it has two salts'),
  )
  const name = valuesOf('dn').map(readName).find(Boolean)
  return Object.freeze({
    publicKey,
    salt: salt ?? '',
    ...(name === undefined ? {} : { name }),
  })
}

function readKey(digits: string, link: string): Hex {
  if (/^[0-9a-f]{64}$/i.test(digits)) return digits.toLowerCase()
  // 52 digits hold 260 bits: the last four belong to nothing.
  if (/^[a-z2-7]{51}[aq]$/i.test(digits)) return hexOfBase32(digits.toLowerCase())
  throw invalid(link, `"${digits.slice(0, 100)}" is no public key of 64 hexadecimal or 52 base32 digits`)
}

function hexOfBase32(digits: string): Hex {
  let bits = 0n
  for (const digit of digits) bits = bits * 32n + BigInt(base32Digits.indexOf(digit))
  return (bits >> 4n).toString(16).padStart(64, '0')
}

function readSalt(digits: string, link: string): string {
  if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) throw invalid(link, 'its salt is not hexadecimal')
  if (digits.length > 2 * maxSaltBytes) throw invalid(link, `its salt is longer than ${maxSaltBytes} bytes`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(digits, 'hex'))
  } catch (error) {
    throw invalid(link, 'its salt is no text', error)
  }
}

/** A name cleaned, or `undefined` where nothing can be seen of it. */
function readName(text: string): string | undefined {
  const name = cleanName(text)
  return text.trim() === '' || name.trim() === '' ? undefined : name
}

/** The one value of all, however often it is said. */
function only(values: readonly string[], otherwise: () => Error): string | undefined {
  const different = new Set(values)
  if (different.size > 1) throw otherwise()
  return values[0]
}

function invalid(link: string, why: string, cause?: unknown): P2pShareError {
  return new P2pShareError(
    'ERR_INVALID_CATALOG',
    `${visibleName(link.slice(0, 100))} is not the link of a catalog: ${why}`,
    { cause },
  )
}
