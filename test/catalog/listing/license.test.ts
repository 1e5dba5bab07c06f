import test from 'ava'
import fc from 'fast-check'
import { listingSchema } from '../../../src/catalog/listing/fields.ts'
import { normalizeLicense } from '../../../src/catalog/listing/license.ts'

const understood: Record<string, readonly string[]> = {
  'CC-BY-4.0': [
    'CC-BY-4.0',
    'cc-by-4.0',
    'CC BY 4.0',
    'cc by',
    ' CC_BY_4.0 ',
    'ccby',
    'Creative Commons Attribution 4.0 International',
    'https://creativecommons.org/licenses/by/4.0/deed.de',
  ],
  'CC-BY-NC-SA-3.0': [
    'Creative Commons Attribution-NonCommercial-ShareAlike 3.0 Unported',
    'cc by-nc-sa 3.0',
  ],
  'CC0-1.0': ['CC0', 'cc zero', 'CC0 1.0 Universal', 'http://creativecommons.org/publicdomain/zero/1.0/'],
  'CC-PDM-1.0': ['public domain', 'Public-Domain', 'https://creativecommons.org/publicdomain/mark/1.0/'],
  'all rights reserved': ['all rights reserved', 'All Rights Reserved', '© all rights reserved'],
  MIT: ['mit', 'The MIT License', 'MIT licence'],
  'Apache-2.0': ['apache 2.0', 'Apache License 2.0', 'apache license, version 2.0'],
  'GPL-3.0-only': ['GPLv3', 'GPL 3.0', 'gpl-3.0-only'],
  'MIT OR (Apache-2.0 AND CC-BY-4.0)': ['mit or (apache-2.0 and cc-by-4.0)'],
  'GPL-2.0-only WITH Classpath-exception-2.0': ['gpl-2.0-only with Classpath-exception-2.0'],
}

test('a licence is known by what people write for it', t => {
  for (const [license, spellings] of Object.entries(understood))
    for (const spelling of spellings) t.is(normalizeLicense(spelling), license, spelling)
})

test('what names no licence is not taken for one', t => {
  const wrong = ['', ' ', 'free', 'do what you like', 'MIT OR', 'MIT AND (', '((((((((MIT))))))))', 'MIT MIT']
  for (const text of [
    ...wrong,
    'CC-BY-99',
    'constructor',
    '__proto__',
    'MIT OR all rights reserved'.repeat(9),
  ])
    t.is(normalizeLicense(text), undefined, text)
})

test('an expression that begins with a parenthesis can be signed', t => {
  const license = normalizeLicense('(mit or apache-2.0) and cc-by-4.0')
  t.is(license, '(MIT OR Apache-2.0) AND CC-BY-4.0')
  t.true(listingSchema.shape.license.safeParse(license).success)
})

test('whatever comes out can be signed, and comes out of itself again', t => {
  const words = fc.constantFrom(
    'MIT',
    'cc by',
    '(',
    ')',
    'or',
    'WITH',
    'gplv3',
    '©',
    'all rights reserved',
    'x',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(words).map(list => list.join(' ')),
  )
  const property = fc.property(texts, text => {
    const license = normalizeLicense(text)
    if (license === undefined) return
    t.true(listingSchema.shape.license.safeParse(license).success)
    t.is(normalizeLicense(license), license)
  })
  t.notThrows(() => fc.assert(property))
})
