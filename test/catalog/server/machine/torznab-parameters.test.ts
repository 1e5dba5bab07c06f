import test from 'ava'
import { categoriesOf, sectionsOf } from '../../../../src/catalog/server/machine/torznab/categories.ts'
import { readSearch } from '../../../../src/catalog/server/machine/torznab/parameters.ts'

test('Season and episode become the words that titles have', t => {
  const textOf = (query: Record<string, string>) => readSearch('tvsearch', query)?.text
  t.is(textOf({ q: 'Zoo', season: '1', ep: '2' }), 'Zoo S01E02')
  t.is(textOf({ q: 'Zoo', season: 'S01', ep: 'E2' }), 'Zoo S01E02')
  t.is(textOf({ q: 'Zoo', season: '1' }), 'Zoo S01*')
  t.is(textOf({ q: 'Zoo', season: '2016', ep: '9/4' }), 'Zoo 2016 09 04')
  t.is(textOf({ q: 'Zoo' }), 'Zoo')
  t.is(readSearch('music', { artist: 'Lion', album: 'Roar' })?.text, 'Lion Roar')
})

test('What asks by numbers that listings do not have finds nothing, rather than everything', t => {
  t.is(readSearch('tvsearch', { tvdbid: '123', season: '1' }), undefined)
  t.is(readSearch('movie', { imdbid: 'tt0123456' }), undefined)
  t.is(readSearch('search', { cat: '6000,7020' }), undefined)
  t.is(readSearch('music', { cat: '2000' }), undefined)
})

test('Categories lead to sections and back', t => {
  t.deepEqual(sectionsOf([2040, 3010]), ['video', 'music'])
  t.deepEqual(sectionsOf([8000]), ['photos', 'other'])
  t.deepEqual(sectionsOf([100_002]), ['photos'])
  t.deepEqual(sectionsOf(categoriesOf('software')), ['software'])
  t.deepEqual(readSearch('tvsearch', { cat: '5030,5040' })?.sections, ['video'])
})

test('A parameter that makes no sense is an incorrect one', t => {
  for (const query of [
    { cat: 'tv' },
    { cat: '5000,' },
    { limit: '-1' },
    { limit: 'many' },
    { offset: '1e3' },
    { season: 'one' },
    { season: '1', ep: 'x' },
    { o: 'json' },
    { q: 'x'.repeat(2_000) },
  ] as Record<string, string>[])
    t.throws(
      () => readSearch('tvsearch', query),
      { name: 'TorznabError', message: /Incorrect parameter/ },
      JSON.stringify(query),
    )
  t.like(readSearch('search', { limit: '5000', offset: '999999' }), { limit: 100, offset: 10_000 })
})
