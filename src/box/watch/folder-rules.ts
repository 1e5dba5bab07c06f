import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { fileSystemError, P2pShareError } from '../../core/index.ts'
import type { WatchedFolder as FolderSettings } from '../config/box-config.ts'
import { noLicense, readWith } from '../config/read-config.ts'
import { kinds, text } from '../config/value-kinds.ts'

/** The file in a watched folder, or in an album, that says how what is in it is shared. */
export const rulesFile = '.p2pshare.toml'

const maxBytes = 64 * 1024

/** How something is shared. */
export interface Rules extends Pick<FolderSettings, 'location' | 'publish' | 'section' | 'tags' | 'license'> {
  /** Of the torrent, instead of the folder's own. */
  readonly name?: string | undefined
  /** Not shared at all. */
  readonly ignore: boolean
}

const forFolder = {
  location: z.enum(['keep', 'strip']).optional(),
  publish: text.optional(),
  section: text.optional(),
  tags: kinds.strings.optional(),
  license: text.optional(),
  ignore: kinds.flag.optional(),
}
const name = text
  .min(1)
  .max(200)
  .refine(value => value !== '.' && value !== '..' && !/[/\\\p{Cc}]/u.test(value), {
    message: 'takes the name of a folder, without slashes',
  })

/**
 * The rules of a watched folder: those of the settings, and before them those of its own file.
 * @throws {P2pShareError} `ERR_INVALID_CONFIG`, which names the lines; `ERR_UNREADABLE_FILE`
 */
export async function folderRules(settings: FolderSettings): Promise<Rules> {
  const { location, publish, section, tags, license, path } = settings
  const said = await readRules(path, forFolder)
  return { location, publish, section, tags, license, ignore: false, ...said }
}

/**
 * The rules of an album: those of its watched folder, and before them those of its own file.
 * @throws {P2pShareError} as {@link folderRules}
 */
export async function albumRules(path: string, ofFolder: Rules): Promise<Rules> {
  return { ...ofFolder, ...(await readRules(path, { ...forFolder, name: name.optional() })) }
}

/** Never follows a link, and reads no more than a small file holds. */
async function readRules<Shape extends z.ZodRawShape>(folder: string, shape: Shape): Promise<Partial<Rules>> {
  const path = join(folder, rulesFile)
  const toml = await readSmall(path)
  if (toml === undefined) return {}
  return readWith(await withListingWords(shape), toml, path) as Partial<Rules>
}

async function readSmall(path: string): Promise<string | undefined> {
  try {
    const file = await open(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    )
    try {
      const { size } = await file.stat()
      if (size > maxBytes)
        throw new P2pShareError('ERR_INVALID_CONFIG', `${path}:1: a file of rules is no longer than 64 KiB`)
      return await file.readFile('utf8')
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileSystemError(error, path, 'read')
  }
}

/** Also says in which line a section or licence is that no catalog knows. The catalog's code is loaded only here. */
async function withListingWords<Shape extends z.ZodRawShape>(shape: Shape) {
  const { normalizeLicense, sections } = await import('../../catalog/index.ts')
  return z.strictObject({
    ...shape,
    section: z.enum(['', ...sections]).optional(),
    license: text
      .refine(value => value === '' || normalizeLicense(value) !== undefined, {
        message: noLicense,
      })
      .optional(),
  })
}
