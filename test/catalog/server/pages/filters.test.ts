import test from 'ava'
import fc from 'fast-check'
import { sections } from '../../../../src/catalog/listing/fields.ts'
import { searchSorts } from '../../../../src/catalog/search/search-query.ts'
import {
  type Filters,
  filtersHref,
  lastPage,
  readFilters,
} from '../../../../src/catalog/server/pages/filters.ts'

const words = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter(text => text.trim() === text && !/[\u0000-\u001f\u007f]/.test(text))
const filters: fc.Arbitrary<Filters> = fc.record(
  {
    text: words,
    section: fc.constantFrom(...sections),
    tag: words.map(text => text.toLowerCase().normalize('NFC')).filter(text => text.toLowerCase() === text),
    license: words,
    creator: words,
    publisher: fc.stringMatching(/^[0-9a-f]{64}$/),
    sort: fc.constantFrom(...searchSorts),
    page: fc.integer({ min: 2, max: lastPage }),
  },
  { requiredKeys: [] },
)

test('the address of a page of listings says all that it is narrowed to, whatever the words are', t => {
  fc.assert(
    fc.property(filters, wanted => {
      const url = new URL(filtersHref(wanted), 'http://site')
      const [, kind = '', value = ''] = /^\/(section|tag|publisher)\/(.+)$/.exec(url.pathname) ?? []
      const query = {
        ...Object.fromEntries(url.searchParams),
        ...(kind && { [kind]: decodeURIComponent(value) }),
      }
      const read = Object.fromEntries(
        Object.entries(readFilters(query)).filter(([, one]) => one !== undefined),
      )
      t.deepEqual(read, wanted)
    }),
  )
})

test('an address that nobody of ours wrote narrows to nothing that could not be meant', t => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.constantFrom('q', 'section', 'tag', 'license', 'creator', 'publisher', 'sort', 'page'),
        fc.string({ maxLength: 2_000 }),
      ),
      query => {
        const { text = '', page = 1, publisher = '' } = readFilters(query)
        t.true(text.length <= 500 && page >= 1 && page <= lastPage && /^(?:[0-9a-f]{64})?$/.test(publisher))
      },
    ),
  )
})
