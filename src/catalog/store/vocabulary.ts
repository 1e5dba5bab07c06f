import { isWord } from '../search/index-terms.ts'
import type { ListingWriter, WrittenListing } from './listing-writer.ts'

const maxRemembered = 200_000
/** One listing in so many is counted: enough to tell which words are common. */
const sampleEvery = 64

/** Keeps the table of all words that listings have, which a prefix is looked up in. */
export class Vocabulary {
  readonly #known = new Set<string>()

  /**
   * Adds the words of new listings, inside the transaction that writes them.
   *
   * @param trusts that their `newWords` are all that is new in them
   */
  async learn(listings: readonly WrittenListing[], writer: ListingWriter, trusts: boolean): Promise<void> {
    const counts = new Map<string, number>()
    for (const { listing, terms, number } of listings) {
      const isCounted = number % sampleEvery === 0
      const newWords = trusts && !isCounted ? listing.newWords : undefined
      for (const word of newWords ?? new Set(terms.split(' ')))
        if ((isCounted || !this.#known.has(word)) && isWord(word))
          counts.set(word, (counts.get(word) ?? 0) + (isCounted ? 1 : 0))
    }
    if (counts.size === 0) return
    await writer.addWords(counts)
    if (this.#known.size + counts.size > maxRemembered) this.#known.clear()
    for (const word of counts.keys()) this.#known.add(word)
  }

  /** Forgets what was learned in a transaction that was taken back. */
  forget(): void {
    this.#known.clear()
  }
}
