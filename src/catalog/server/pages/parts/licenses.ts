import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' }

/** A licence in words, and where to read it. */
export interface License {
  readonly name: string
  readonly href: string | undefined
}

const allRightsReserved = 'all rights reserved'

/** What a form offers: from the freest to the strictest. */
export const licenseChoices: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'CC0-1.0', name: 'CC0: no rights reserved' },
  { id: 'CC-BY-4.0', name: 'Creative Commons Attribution' },
  { id: 'CC-BY-SA-4.0', name: 'Creative Commons Attribution, share alike' },
  { id: 'CC-BY-NC-4.0', name: 'Creative Commons Attribution, not commercial' },
  { id: 'CC-BY-NC-SA-4.0', name: 'Creative Commons Attribution, not commercial, share alike' },
  { id: 'CC-BY-ND-4.0', name: 'Creative Commons Attribution, no derivatives' },
  { id: 'MIT', name: 'MIT' },
  { id: 'Apache-2.0', name: 'Apache 2.0' },
  { id: 'GPL-3.0-or-later', name: 'GNU GPL 3 or later' },
  { id: allRightsReserved, name: 'All rights reserved' },
]

const known: ReadonlySet<string> = new Set(spdxIds)
const words: Readonly<Record<string, string>> = { by: 'BY', nc: 'NC', nd: 'ND', sa: 'SA' }

/** What a listing's licence is called and where it is found; an expression of several has no address. */
export function describeLicense(id: string): License {
  if (id === 'CC0-1.0') return { name: 'CC0 1.0', href: 'https://creativecommons.org/publicdomain/zero/1.0/' }
  const [, terms, version] = /^CC-(BY(?:-NC)?(?:-ND|-SA)?)-(\d\.\d)$/.exec(id) ?? []
  if (terms && version) {
    const path = terms.toLowerCase()
    const name = path
      .split('-')
      .map(word => words[word])
      .join('-')
    return { name: `CC ${name} ${version}`, href: `https://creativecommons.org/licenses/${path}/${version}/` }
  }
  if (id.toLowerCase() === allRightsReserved) return { name: 'All rights reserved', href: undefined }
  return { name: id, href: known.has(id) ? `https://spdx.org/licenses/${id}.html` : undefined }
}
