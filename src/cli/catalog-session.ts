import { resolve } from 'node:path'
import type { Catalog, CatalogInit, StoredListing } from '../catalog/index.ts'
import { exposedIdentity, findHome, isThere, P2pShareError } from '../core/index.ts'
import { type Env, homeOf } from './env.ts'
import type { Printer } from './printer.ts'

/** Opens the catalogs of the home, lends them, and closes them again. The catalog's code is loaded only here. */
export async function withCatalog<T>(
  env: Env,
  work: (catalog: Catalog) => Promise<T>,
  init: Pick<CatalogInit, 'swarm' | 'database'> = {},
): Promise<T> {
  const { Catalog } = await import('../catalog/index.ts')
  const now = () => env.clock.now()
  const catalog = await Catalog.open({ home: homeOf(env), now, signal: env.signal, ...init })
  try {
    return await work(catalog)
  } finally {
    await catalog.close()
  }
}

/**
 * The listing that a number or an id means.
 * @throws {P2pShareError} `ERR_NO_SUCH_LISTING`
 */
export async function findListing({ store }: Catalog, word: string): Promise<StoredListing> {
  const found = isListingNumber(word) ? await store.byNumber(Number(word)) : await store.byId(word)
  if (found) return found
  throw new P2pShareError('ERR_NO_SUCH_LISTING', `There is no listing ${word.slice(0, 100)} here`)
}

/** Whether a word can be the number of a listing. */
function isListingNumber(word: string): boolean {
  return /^[1-9]\d{0,14}$/.test(word)
}

/**
 * The magnet link of the listing that a word means; `undefined` where it means none. Of a number and a file of that name
 * the file is meant.
 *
 * @throws {P2pShareError} `ERR_NO_SUCH_LISTING` where it can only be a listing, and there is none
 */
export async function listingMagnet(word: string, env: Env): Promise<string | undefined> {
  const isNumber = isListingNumber(word)
  if (!isNumber && !isListingId(word)) return undefined
  if (isNumber && (await isThere(resolve(env.cwd, word)))) return undefined
  return withCatalog(env, async catalog => (await findListing(catalog, word)).magnet)
}

/** Whether a word has the form of a listing's id. It is no info-hash: those have 32, 40 or 64 digits. */
export function isListingId(word: string): boolean {
  return /^[a-z2-7]{26}$/.test(word)
}

/** Says where the key lies open to other users of the machine. */
export async function tellExposedKey(env: Env, printer: Printer): Promise<void> {
  const path = await exposedIdentity(findHome(homeOf(env)))
  if (path) printer.note(`Others on this machine can read your key; to end that: chmod 600 ${path}`)
}
