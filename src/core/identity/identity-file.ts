import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { platform } from 'node:os'
import { dirname, join } from 'node:path'
import { writeFileAtomic } from '../atomic-file.ts'
import { fileSystemError, P2pShareError } from '../errors.ts'
import type { Home } from '../home.ts'
import { generateIdentity, type Identity, identityFromSeed } from './keys.ts'

const secretMode = 0o600
const maxFileBytes = 4_096

/** Where the identity of a home is kept. */
export function identityPath(home: Home): string {
  return join(home.data, 'identity.json')
}

/**
 * The identity of a home, made on first use. Of several processes that make it at once all get the same one. A file that
 * cannot be understood is never written over.
 *
 * @throws {P2pShareError} `ERR_INVALID_IDENTITY` where the file is damaged, `ERR_UNREADABLE_FILE`, `ERR_CANNOT_WRITE`,
 *   `ERR_DISK_FULL`
 */
export async function loadIdentity(home: Home): Promise<Identity> {
  const path = identityPath(home)
  const known = await readIfThere(path)
  if (known) return known
  await writeUnlessThere(path, writeIdentity(generateIdentity()))
  const made = await readIfThere(path)
  if (made) return made
  throw new P2pShareError('ERR_CANNOT_WRITE', `${path} was removed while it was written`)
}

/**
 * Puts an identity into a home.
 *
 * @param replace whether another identity that is there may be set aside, in a file beside it
 * @returns where the earlier identity was set aside
 * @throws {P2pShareError} `ERR_TARGET_EXISTS` where there is another one, and what {@link loadIdentity} throws
 */
export async function saveIdentity(
  home: Home,
  identity: Identity,
  { replace = false }: { replace?: boolean | undefined } = {},
): Promise<string | undefined> {
  const path = identityPath(home)
  const text = writeIdentity(identity)
  if (await writeUnlessThere(path, text)) return undefined
  const earlier = await readIfThere(path).catch((error: unknown) => {
    if (replace) return undefined
    throw error
  })
  if (earlier?.publicKey === identity.publicKey) return undefined
  if (!replace)
    throw new P2pShareError(
      'ERR_TARGET_EXISTS',
      `${path} holds another identity, ${earlier?.publicKey}, which is set aside only where that is asked for`,
    )
  const aside = join(dirname(path), `identity-${earlier?.publicKey.slice(0, 16) ?? randomName()}.json`)
  const isAside = earlier && (await readIfThere(aside))?.publicKey === earlier.publicKey
  if (!isAside)
    await copyExclusively(path, aside).catch((error: unknown) => {
      throw fileSystemError(error, aside, 'write')
    })
  await writeFileAtomic(path, text, secretMode)
  return aside
}

/** The path of the identity file where other users of this machine may read it; never on Windows. */
export async function exposedIdentity(home: Home): Promise<string | undefined> {
  const path = identityPath(home)
  const found = platform() === 'win32' ? undefined : await stat(path).catch(() => undefined)
  return found && (found.mode & 0o077) !== 0 ? path : undefined
}

/** An identity as it is written, into the file and into what is exported. */
export function writeIdentity(identity: Identity): string {
  const { publicKey } = identity
  const seed = Buffer.from(identity.seed()).toString('hex')
  return `${JSON.stringify({ type: 'p2pshare/identity', version: 1, publicKey, seed }, undefined, 2)}\n`
}

/**
 * Reads what {@link writeIdentity} wrote.
 *
 * @param what names it in the error
 * @throws {P2pShareError} `ERR_INVALID_IDENTITY`
 */
export function parseIdentity(text: string, what: string): Identity {
  try {
    const { type, version, publicKey, seed } = JSON.parse(text)
    const isKnown = type === 'p2pshare/identity' && version === 1 && /^[0-9a-f]{64}$/.test(seed)
    const identity = isKnown ? identityFromSeed(Buffer.from(seed, 'hex')) : undefined
    if (identity && identity.publicKey === publicKey) return identity
  } catch {}
  // No cause: it could quote the secret.
  throw new P2pShareError('ERR_INVALID_IDENTITY', `${what} holds no identity that can be read`)
}

async function readIfThere(path: string): Promise<Identity | undefined> {
  try {
    if ((await stat(path)).size > maxFileBytes)
      throw new P2pShareError('ERR_INVALID_IDENTITY', `${path} is too large to be an identity`)
    return parseIdentity(await readFile(path, 'utf8'), path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileSystemError(error, path, 'read')
  }
}

/** Writes the whole file at once, or answers false where there is one. */
async function writeUnlessThere(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomName()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(temporary, 'wx', secretMode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await copyExclusively(temporary, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw fileSystemError(error, path, 'write')
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

/** A second name for the file, or a copy where the disk knows no hard links; `EEXIST` where the name is taken. */
async function copyExclusively(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}

function randomName(): string {
  return randomBytes(8).toString('hex')
}
