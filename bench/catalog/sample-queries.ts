import { sections } from '../../src/catalog/listing/fields.ts'
import type { SearchQuery } from '../../src/catalog/search/search-query.ts'
import { randomNumbers } from './random.ts'
import { wordCount } from './sample-records.ts'
import { sampleWords } from './sample-words.ts'

/** What people search for, by its kind. */
export function sampleQueries(each: number, phrases: readonly string[]): Record<string, SearchQuery[]> {
  const random = randomNumbers(3)
  const words = sampleWords(wordCount)
  // As many common words (of the first hundred) as middling and rare ones.
  const word = () => {
    const [low, high] = [
      [0, 100],
      [100, 3_000],
      [3_000, wordCount / 2],
    ][Math.floor(random() * 3)]!
    return words[low! + Math.floor(random() * (high! - low!))]!
  }
  const kind = (make: (index: number) => SearchQuery) =>
    Array.from({ length: each }, (_, index) => make(index))
  const section = (index: number) => sections[index % sections.length]!
  return {
    'one word': kind(() => ({ text: word() })),
    'two words': kind(() => ({ text: `${word()} ${word()}` })),
    'a prefix': kind(() => ({ text: `${word().slice(0, 3)}*` })),
    'a phrase': kind(index => ({ text: `"${phrases[index % phrases.length]}"` })),
    'a word in a section': kind(index => ({ text: word(), section: section(index) })),
    'newest in a section': kind(index => ({ section: section(index), offset: 20 * (index % 5) })),
  }
}
