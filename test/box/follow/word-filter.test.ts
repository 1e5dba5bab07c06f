import test from 'ava'
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
