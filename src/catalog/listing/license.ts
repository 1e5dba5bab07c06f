import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' }

const allRightsReserved = 'all rights reserved'
const maxLength = 100
/** Licence texts nested in parentheses. */
const maxDepth = 5

/** What people write for what SPDX names otherwise. */
const otherNames: Readonly<Record<string, string>> = {
  'all-rights-reserved': allRightsReserved,
  copyright: allRightsReserved,
  'copyright-all-rights-reserved': allRightsReserved,
  cc0: 'CC0-1.0',
  'cc-0': 'CC0-1.0',
  'cc-zero': 'CC0-1.0',
  'cc0-1': 'CC0-1.0',
  'public-domain': 'CC-PDM-1.0',
  publicdomain: 'CC-PDM-1.0',
  pd: 'CC-PDM-1.0',
  pdm: 'CC-PDM-1.0',
  'public-domain-mark': 'CC-PDM-1.0',
  apache: 'Apache-2.0',
  'apache-2': 'Apache-2.0',
  'gpl-2': 'GPL-2.0-only',
  'gpl-2.0': 'GPL-2.0-only',
  'gpl-2.0+': 'GPL-2.0-or-later',
  'gpl-3': 'GPL-3.0-only',
  'gpl-3.0': 'GPL-3.0-only',
  'gpl-3.0+': 'GPL-3.0-or-later',
  'lgpl-2.1': 'LGPL-2.1-only',
  'lgpl-3': 'LGPL-3.0-only',
  'lgpl-3.0': 'LGPL-3.0-only',
  'agpl-3': 'AGPL-3.0-only',
  'agpl-3.0': 'AGPL-3.0-only',
  bsd: 'BSD-3-Clause',
  'free-art': 'LAL-1.3',
}

/** The words of Creative Commons' long names, as its short ones abbreviate them. */
const ccWords: readonly (readonly [RegExp, string])[] = [
  [/creative-commons/g, 'cc'],
  [/(?:^|-)attribution(?=-|$)/g, '-by'],
  [/non-?commercial/g, 'nc'],
  [/no-?deriv(?:ative)?s?(?:-works)?/g, 'nd'],
  [/share-?alike/g, 'sa'],
  [/-(?:international|unported|generic|universal)(?=-|$)/g, ''],
]

let canonical: ReadonlyMap<string, string> | undefined

/**
 * The identifier of a licence as people write it: an SPDX identifier or expression in its own spelling, or
 * `all rights reserved`. `undefined` for what names no licence.
 *
 * @example
 * normalizeLicense('cc by 4.0') // 'CC-BY-4.0'
 * normalizeLicense('https://creativecommons.org/licenses/by-sa/4.0/') // 'CC-BY-SA-4.0'
 */
export function normalizeLicense(text: string): string | undefined {
  if (text.length > maxLength) return undefined
  const trimmed = text.trim()
  return oneLicense(trimmed) ?? expression(trimmed)
}

function oneLicense(text: string): string | undefined {
  canonical ??= new Map(spdxIds.map(id => [id.toLowerCase(), id]))
  if (/^licenseref-[a-z0-9.-]+$/i.test(text)) return `LicenseRef-${text.slice(11)}`
  for (const word of spellings(text)) {
    const known = canonical.get(word) ?? (Object.hasOwn(otherNames, word) ? otherNames[word] : undefined)
    if (known !== undefined) return known
  }
  return undefined
}

/** One spelling after another, the most literal first. */
function spellings(text: string): string[] {
  const ofAddress =
    /^https?:\/\/(?:www\.)?creativecommons\.org\/(licenses|publicdomain)\/([a-z+-]+)\/(\d\.\d)/i
  const [, kind, name, version] = ofAddress.exec(text) ?? []
  if (kind?.toLowerCase() === 'licenses') return [`cc-${name}-${version}`.toLowerCase()]
  if (kind) return [name?.toLowerCase() === 'zero' ? 'cc0' : 'pdm']
  let word = text
    .toLowerCase()
    .replace(/\(c\)|[©™®,]/g, ' ')
    .trim()
    .replace(/[\s_-]+/g, '-')
  const spelled = [word]
  word = word.replace(/^the-/, '').replace(/-?licen[cs]e(?=-|$)/g, '')
  for (const [long, short] of ccWords) word = word.replace(long, short)
  word = word
    .replace(/^cc(?=by)/, 'cc-')
    .replace(/^-|-$/g, '')
    .replace(/--+/g, '-')
  const dashed = word.replace(/-?v(?:ersion-?)?(?=\d)/, '-').replace(/^([a-z]+)(?=\d)/, '$1-')
  for (const form of [word, dashed]) spelled.push(form, `${form}.0`, form.replace(/\.0$/, ''))
  if (/^cc-by(?:-nc)?(?:-sa|-nd)?$/.test(word)) spelled.push(`${word}-4.0`)
  return spelled
}

/** `MIT OR (Apache-2.0 AND CC-BY-4.0)`, each licence in its own spelling. */
function expression(text: string): string | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? []
  let at = 0
  const term = (depth: number): string | undefined => {
    if (tokens[at] !== '(') {
      const id = oneLicense(tokens[at++] ?? '')
      if (id === undefined || id === allRightsReserved || tokens[at]?.toUpperCase() !== 'WITH') return id
      at += 2
      const exception = tokens[at - 1] ?? ''
      return /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(exception) ? `${id} WITH ${exception}` : undefined
    }
    at++
    const inner = depth < maxDepth ? terms(depth + 1) : undefined
    return inner !== undefined && tokens[at++] === ')' ? `(${inner})` : undefined
  }
  const terms = (depth: number): string | undefined => {
    let read = term(depth)
    while (read !== undefined && /^(?:and|or)$/i.test(tokens[at] ?? '')) {
      const operator = tokens[at++]!.toUpperCase()
      const next = term(depth)
      read = next === undefined ? undefined : `${read} ${operator} ${next}`
    }
    return read
  }
  const read = terms(0)
  return at === tokens.length && read !== undefined && read.length <= maxLength ? read : undefined
}
