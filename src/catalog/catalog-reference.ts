import { type Hex, P2pShareError } from '../core/index.ts'
import { readPointerLink } from '../swarm/index.ts'
import type { CatalogRow } from './catalog-registry.ts'
import { catalogAddress } from './catalog-source.ts'

/** What BEP 44 allows. */
const maxSaltBytes = 64
const maxNameLength = 100

/**
 * The name of a catalog as it is kept.
 * @throws {P2pShareError} `ERR_INVALID_CATALOG`
 */
export function checkCatalogName(name: string): string {
  const title = name.trim().normalize('NFC')
  if (title !== '' && title.length <= maxNameLength && !/[\u0000-\u001f\u007f-\u009f]/.test(title))
    return title
  throw new P2pShareError(
    'ERR_INVALID_CATALOG',
    `A catalog takes a name of 1 to ${maxNameLength} characters on one line`,
  )
}

/**
 * Refuses a second catalog of one name that another key signs: servers that share a database would each make their own.
 * @throws {P2pShareError} `ERR_NOT_AUTHORIZED`
 */
export function refuseNamesake(rows: readonly CatalogRow[], title: string, publicKey: Hex): void {
  const namesake = rows.find(({ is_own, name }) => is_own === 1 && name === title)
  if (!namesake || namesake.public_key === publicKey) return
  throw new P2pShareError(
    'ERR_NOT_AUTHORIZED',
    `The catalog "${title}" of this database is signed by another key, ${namesake.public_key}: bring that identity here first (catalog identity export, then import), or take another name`,
  )
}

/**
 * Finds a catalog by its name, number, link, key or web address; of two with one name the own one.
 * @throws {P2pShareError} `ERR_NO_SUCH_CATALOG`
 */
export function findCatalog(rows: readonly CatalogRow[], reference: string): CatalogRow {
  const named = rows.filter(({ name }) => name === reference.normalize('NFC'))
  const found =
    named.find(({ is_own }) => is_own === 1) ??
    named[0] ??
    rows.find(({ number }) => String(number) === reference) ??
    rows.find(isMeantBy(reference))
  if (found) return found
  throw new P2pShareError('ERR_NO_SUCH_CATALOG', `There is no catalog "${reference.slice(0, 100)}" here`)
}

/** Catalogs of one key are told apart by their salt, which BEP 44 bounds to 64 bytes. */
export function saltOf(name: string): string {
  const slug = name.toLowerCase().replace(/\s+/g, '-')
  let salt = slug
  while (Buffer.byteLength(salt) > maxSaltBytes) salt = salt.slice(0, -1)
  return salt.toWellFormed()
}

function isMeantBy(reference: string): (row: CatalogRow) => boolean {
  if (/^https?:/i.test(reference)) return ({ url }) => url === catalogAddress(reference)
  try {
    const { publicKey, salt } = readPointerLink(reference)
    return row => row.public_key === publicKey && row.salt === salt
  } catch {
    return () => false
  }
}
