import { sections } from '../listing/fields.ts'
import { allOf, anyOf, type Expression } from './expression.ts'
import { foldedWords } from './fold.ts'
import { creatorTerms, publisherTerm, term, titleTerms } from './index-terms.ts'
import { invertRange, parseDateRange, parseSizeRange, type Range } from './parse-range.ts'

/** Words that are looked for and not excluded, for ranking what was found. */
export interface WantedWords {
  readonly words: readonly string[]
  /** Whether the last one may go on. */
  readonly isPrefix: boolean
}

/** A person's words, understood. */
export interface ParsedQuery {
  readonly expression: Expression | undefined
  readonly wanted: readonly WantedWords[]
  /** Bytes. */
  readonly size: Range
  /** Milliseconds. */
  readonly listed: Range
}

const maxLength = 1_000
const maxTerms = 32

// A minus, a field, and a phrase or a word.
const item = /(-?)(?:([a-z]+):)?(?:"([^"]*)("\*?)?|(\S+))/giu

interface Item {
  readonly isExcluded: boolean
  readonly field: string | undefined
  readonly value: string
  readonly isQuoted: boolean
  readonly isPrefix: boolean
}

/**
 * Understands what a person typed: words, `"phrases"`, `prefix*`, `this OR that`, `-not`, `section:`, `tag:`, `license:`,
 * `creator:`, `title:`, `language:`, `publisher:`, `size:`, `date:`, `after:`, `before:`. Never throws: what is no operator
 * is a word, and what is beyond 1,000 characters or 32 words is passed over.
 */
export function parseQuery(text: string): ParsedQuery {
  const builder = new QueryBuilder()
  const bounded = text.slice(0, maxLength).replace(/[“”„«»]/g, '"')
  for (const [whole, minus, field, phrase, closing = '', word = ''] of bounded.matchAll(item)) {
    if (whole === 'OR' || whole === '|') builder.or()
    else
      builder.add({
        isExcluded: minus !== '' && whole.length > 1,
        field: field?.toLowerCase(),
        value: phrase ?? word,
        isQuoted: phrase !== undefined,
        isPrefix: phrase === undefined ? /[\p{L}\p{N}\p{M}]\*$/u.test(word) : closing.endsWith('*'),
      })
  }
  return builder.build()
}

class QueryBuilder {
  readonly #all: Expression[] = []
  readonly #wanted: WantedWords[] = []
  #size: Range = {}
  #listed: Range = {}
  #termsLeft = maxTerms
  #isAlternative = false

  /** Makes what comes next an alternative to what came last. */
  or(): void {
    this.#isAlternative = this.#all.length > 0
  }

  add(item: Item): void {
    const range = rangeOf(item)
    if (range) {
      this.#size = narrow(this.#size, range.size)
      this.#listed = narrow(this.#listed, range.listed)
      this.#isAlternative = false
      return
    }
    const expression = fieldExpression(item) ?? this.#words(item)
    const termCount = expression ? expression.terms.length : 0
    if (!expression || termCount === 0 || termCount > this.#termsLeft) return
    this.#termsLeft -= termCount
    const wanted: Expression = item.isExcluded ? { kind: 'not', of: expression } : expression
    const last = this.#isAlternative ? this.#all.pop() : undefined
    this.#all.push(anyOf([...(last?.kind === 'any' ? last.of : [last]), wanted])!)
    this.#isAlternative = false
  }

  build(): ParsedQuery {
    return { expression: allOf(this.#all), wanted: this.#wanted, size: this.#size, listed: this.#listed }
  }

  #words({ field, value, isPrefix, isExcluded }: Item): Terms {
    // A field that does not exist is a word like any other.
    const words = foldedWords(field === undefined ? value : `${field} ${value}`).slice(0, this.#termsLeft)
    if (!isExcluded && words.length > 0) this.#wanted.push({ words, isPrefix })
    return { kind: isPrefix ? 'prefix' : 'terms', terms: words }
  }
}

type Terms = Extract<Expression, { kind: 'terms' | 'prefix' }>

function rangeOf({ field, value, isExcluded }: Item): { size?: Range; listed?: Range } | undefined {
  const turned = (range: Range | undefined) => (range && isExcluded ? invertRange(range) : range)
  const size = field === 'size' ? turned(parseSizeRange(value)) : undefined
  if (size) return { size }
  const isDate = field === 'date' || field === 'after' || field === 'before'
  const read = isDate ? parseDateRange(value) : undefined
  if (!read) return undefined
  const listed = turned(
    field === 'date' ? read : field === 'after' ? { from: read.from } : { below: read.from },
  )
  return listed && { listed }
}

/** `undefined` where the field does not exist, or cannot have the value. */
function fieldExpression({ field, value, isPrefix }: Item): Terms | undefined {
  const exactly = (...terms: string[]): Terms => ({ kind: 'terms', terms })
  const following = (terms: string[]): Terms => ({ kind: isPrefix ? 'prefix' : 'terms', terms })
  const isEmpty = foldedWords(value).length === 0
  if (isEmpty) return undefined
  switch (field) {
    case 'section': {
      const section = sections.find(name => name === value.toLowerCase())
      return section && exactly(term('section', section))
    }
    case 'tag':
      return exactly(term('tag', value))
    case 'license':
    case 'licence':
      return exactly(term('license', value))
    case 'language':
    case 'lang':
      return exactly(term('language', value))
    case 'creator':
      return following(creatorTerms(foldedWords(value)))
    case 'title':
      return following(titleTerms(foldedWords(value)))
    case 'publisher':
      return /^[0-9a-f]{16,64}$/i.test(value) ? exactly(publisherTerm(value.toLowerCase())) : undefined
    default:
      return undefined
  }
}

function narrow(one: Range, other: Range = {}): Range {
  return {
    from: most(Math.max, one.from, other.from),
    below: most(Math.min, one.below, other.below),
  }
}

function most(
  choose: (one: number, other: number) => number,
  one: number | undefined,
  other: number | undefined,
): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : choose(one, other)
}
