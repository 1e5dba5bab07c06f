import test from 'ava'
import fc from 'fast-check'
import { wordFilter } from '../../../src/box/follow/word-filter.ts'

for (const [words, title, isWanted] of [
  ['', 'anything', true],
  ['lion zoo', 'Zoo: the LIONS', true],
  ['lion zoo', 'the lions', false],
  ['lowe', 'Löwe im Gras', true],
  ['"white lion"', 'a lion, white', false],
  ['"white lion"', 'White  lion'.replace('  ', ' '), true],
  ['lion -tiger', 'lions and tigers', false],
  ['lion -"black cat"', 'lions and cats', true],
] as const)
  test(`"${words}" ${isWanted ? 'is for' : 'is not for'} "${title}"`, t => {
    t.is(wordFilter(words)(title), isWanted)
  })

test('a title is let through by its own words, and held back by each with a minus', t => {
  const word = fc.stringMatching(/^[^\s"-][^\s"]{0,8}$/)
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), fc.string(), (words, more) => {
      const title = `${words.join(' ')} ${more}`
      const [first] = words
      return wordFilter(words.join(' '))(title) && !wordFilter(`-${first}`)(title)
    }),
  )
  fc.assert(
    fc.property(fc.string(), fc.string(), (words, title) => typeof wordFilter(words)(title) === 'boolean'),
  )
  t.pass()
})
