import test from 'ava'
import fc from 'fast-check'
import { openDatabase } from '../../../src/catalog/database/open-database.ts'
import { signListing } from '../../../src/catalog/listing/sign.ts'
import type { Expression } from '../../../src/catalog/search/expression.ts'
import { foldedWords } from '../../../src/catalog/search/fold.ts'
import { fts5Query, tsquery } from '../../../src/catalog/search/match-syntax.ts'
import { parseQuery } from '../../../src/catalog/search/parse-query.ts'
import { ListingStore } from '../../../src/catalog/store/listing-store.ts'
import { generateIdentity } from '../../../src/core/index.ts'
import { postgresOfFile } from '../../kit/postgres.ts'
import { sampleDraft } from '../../kit/sample-listing.ts'

const newLocation = postgresOfFile(test)

/** What people and attackers type: operators, quotes and brackets among words of all scripts. */
const typed = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(
        '"',
        "'",
        '*',
        '-',
        'OR',
        'AND',
        'NOT',
        'NEAR(',
        ')',
        '(',
        ':',
        '&',
        '|',
        '!',
        '<->',
        '\\',
        '^',
      ),
      fc.constantFrom(
        'tag:',
        'size:>',
        'date:2026',
        'section:video',
        'terms:',
        'zoo',
        'lion',
        '\0',
        ';--',
        '{terms}',
      ),
    ),
    { maxLength: 20 },
  )
  .chain(parts => fc.constantFrom(parts.join(''), parts.join(' ')))

test('whatever is typed is understood, within bounds', t => {
  fc.assert(
    fc.property(typed, text => {
      const { expression, wanted } = parseQuery(text)
      return countTerms(expression) <= 32 && wanted.flatMap(({ words }) => words).length <= 32
    }),
  )
  t.is(countTerms(parseQuery('word '.repeat(100_000)).expression), 32)
})

test('what is typed cannot end the quotes that it is put into', t => {
  fc.assert(
    fc.property(typed, text => {
      const { expression } = parseQuery(text)
      if (!expression || excludesAlone(expression)) return true
      const wanted: Expression = { kind: 'all', of: [{ kind: 'terms', terms: ['all'] }, expression] }
      const inQuotes = /^[ a-z0-9\u0080-\u{10ffff}]*$/u
      const fts5 = fts5Query(wanted).split('"')
      const postgres = tsquery(wanted).split("'")
      const even = (parts: string[]) =>
        parts.length % 2 === 1 && parts.every((part, at) => at % 2 === 0 || inQuotes.test(part))
      const outside = (parts: string[]) => parts.filter((_, at) => at % 2 === 0).join('')
      return (
        even(fts5) &&
        even(postgres) &&
        /^(?:AND|OR|NOT|[() ])*$/.test(outside(fts5)) &&
        /^(?:<->|:\*|[&|!() ])*$/.test(outside(postgres))
      )
    }),
  )
  t.pass()
})

test('whatever is typed is answered, the same on both databases', async t => {
  const location = await newLocation(t)
  if (location === undefined) return
  const listing = signListing(sampleDraft(), generateIdentity())
  const stores: ListingStore[] = []
  for (const where of [':memory:', location]) {
    const database = await openDatabase(where)
    t.teardown(() => database.close())
    stores.push(new ListingStore(database))
    await stores.at(-1)!.apply([listing], { catalogId: 1 })
  }
  await fc.assert(
    fc.asyncProperty(typed, async text => {
      const [one, other] = await Promise.all(stores.map(store => store.search({ text })))
      return one!.total === other!.total
    }),
  )
  t.pass()
})

test('words are folded the same however they are written', t => {
  t.deepEqual(foldedWords('Łódź, STRASSE & Straße: Ångström’s 2nd'), [
    ...['lodz', 'strasse', 'strasse', 'angstrom', 's', '2nd'],
  ])
  t.deepEqual(foldedWords('東京タワー 🦁❤️'), ['東', '京', 'タ', 'ワ', 'ー', '🦁', '❤'])
  t.deepEqual(foldedWords('\u{a7f8}'), ['h'])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), text => {
      const words = foldedWords(text)
      t.deepEqual(foldedWords(words.join(' ')), words)
      t.deepEqual(foldedWords(text.normalize('NFD')), words)
      // A character of Chinese in it, and it is read in another way.
      t.deepEqual(foldedWords(`${text} 東`), [...words, '東'])
    }),
  )
})

test('ranges are read, and what is none is words', t => {
  const { size } = parseQuery('size:10M..1G')
  t.deepEqual(size, { from: 10 * 1024 ** 2, below: 1024 ** 3 + 1 })
  t.deepEqual(parseQuery('-size:>100MB').size, { from: undefined, below: 100_000_001 })
  t.deepEqual(parseQuery('date:2026-02').listed, { from: Date.UTC(2026, 1), below: Date.UTC(2026, 2) })
  t.deepEqual(parseQuery('date:2026-02-30').wanted, [
    { words: ['date', '2026', '02', '30'], isPrefix: false },
  ])
  t.deepEqual(parseQuery('size:big').wanted, [{ words: ['size', 'big'], isPrefix: false }])
})

/** Whether something is excluded where nothing is wanted, which is completed before the databases see it. */
function excludesAlone(expression: Expression): boolean {
  if (expression.kind === 'not') return true
  if (expression.kind === 'any') return expression.of.some(excludesAlone)
  return expression.kind === 'all' && expression.of.some(part => part.kind !== 'not' && excludesAlone(part))
}

function countTerms(expression: Expression | undefined): number {
  if (!expression) return 0
  if (expression.kind === 'not') return countTerms(expression.of)
  if (expression.kind === 'any' || expression.kind === 'all')
    return expression.of.reduce((sum, part) => sum + countTerms(part), 0)
  return expression.terms.length
}
