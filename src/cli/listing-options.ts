import type { Command } from 'commander'
import type { Section, StoredListing } from '../catalog/index.ts'
import { P2pShareError } from '../core/index.ts'
import { choice, option } from './options.ts'
import { sectionNames } from './section-names.ts'

/** What `publish` is told of a listing. */
export interface ListingFlags {
  title?: string
  description?: string
  section?: Section
  tags?: string
  license?: string
  creator?: string
  language?: string
}

/** What a maker says of a listing; the rest is found out. */
export type ListingWords = Pick<
  StoredListing,
  'title' | 'description' | 'section' | 'tags' | 'license' | 'creator' | 'language'
>

export const defaultLicense = 'all rights reserved'

export function defineListing(command: Command): void {
  command
    .addOption(option('--title <title>', 'title; without it you are asked'))
    .addOption(option('--description <text>', 'what there is to say of it'))
    .addOption(choice('--section <section>', 'section (default: by its files)', sectionNames))
    .addOption(option('--tags <tags>', 'tags, with commas between: zoo,animals'))
    .addOption(
      option('--license <licence>', `what others may do: CC-BY-4.0, MIT, … (default: ${defaultLicense})`),
    )
    .addOption(option('--creator <name>', 'who made it'))
    .addOption(option('--language <language>', 'its language, such as en or pt-BR'))
}

/** Tags as a listing has them: lower case, each once. */
export function readTags(text: string): string[] {
  const tags = text.split(',').map(tag => tag.trim().replace(/\s+/g, ' ').toLowerCase().normalize('NFC'))
  return [...new Set(tags.filter(Boolean))]
}

/**
 * The identifier of a licence as people write it.
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`
 */
export async function readLicense(text: string): Promise<string> {
  const { normalizeLicense } = await import('../catalog/index.ts')
  const license = normalizeLicense(text)
  if (license !== undefined) return license
  throw new P2pShareError(
    'ERR_INVALID_ARGUMENT',
    `--license: "${text.slice(0, 100)}" is no licence that SPDX knows, such as CC-BY-4.0, CC0-1.0 or MIT; nor is it "${defaultLicense}"`,
  )
}

/**
 * A section by its name.
 * @throws {P2pShareError} `ERR_INVALID_ARGUMENT`
 */
export function readSection(text: string): Section {
  const found = sectionNames.find(name => name === text.trim().toLowerCase())
  if (found) return found
  const names = sectionNames.join(', ')
  throw new P2pShareError('ERR_INVALID_ARGUMENT', `"${text.slice(0, 100)}" is no section: ${names}`)
}
