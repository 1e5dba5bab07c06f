import type { Listing } from '../listing/record.ts'
import { fold, foldedWords } from './fold.ts'

/** What a listing is indexed under beside its words: terms that nobody can type, for they begin with a private character. */
export type TermKind = keyof typeof marks

const marks = {
  /** A word of the title. */
  title: '\ue001',
  /** The first word of the title. */
  start: '\ue002',
  /** The whole title. */
  whole: '\ue003',
  /** A tag, its spaces included. */
  tag: '\ue004',
  section: '\ue005',
  license: '\ue006',
  language: '\ue007',
  /** A word of the creator's name. */
  creator: '\ue008',
  publisher: '\ue009',
  /** How many seeds it has, by powers of two. */
  seeds: '\ue00a',
}

/** Fewer seeds than two to this are no reason to look at a listing first. */
export const leastSeedTier = 3
/** More are counted like this many. */
export const mostSeedTier = 20
const publisherDigits = 16

const maxRemembered = 10_000
const longestRemembered = 100
/** Terms that were made lately: sections, licences, publishers and tags come again and again. */
const remembered = new Map<string, string>()

/** A term that no word of a text can be; ASCII in it that is neither letter nor digit is moved to a private range. */
export function term(kind: TermKind, value: string): string {
  const name = marks[kind] + value
  const known = remembered.get(name)
  if (known !== undefined) return known
  const made = makeTerm(kind, value)
  if (remembered.size >= maxRemembered) remembered.clear()
  if (name.length <= longestRemembered) remembered.set(name, made)
  return made
}

function makeTerm(kind: TermKind, value: string): string {
  return (
    marks[kind] +
    fold(value)
      .trim()
      .replace(/[\s\u0000-\u002f\u003a-\u0060\u007b-\u00bf]+/g, characters =>
        [...characters]
          .map(character => String.fromCharCode(0xe100 + (character.charCodeAt(0) & 0xff)))
          .join(''),
      )
  )
}

/** Whether a term is a word of a text. */
export function isWord(term: string): boolean {
  const code = term.charCodeAt(0)
  return code < 0xe000 || code > 0xe0ff
}

/** The words as words of a title. */
export function titleTerms(words: readonly string[]): string[] {
  return words.map(word => marks.title + word)
}

/** The words as words of a creator's name. */
export function creatorTerms(words: readonly string[]): string[] {
  return words.map(word => marks.creator + word)
}

/** The term of the first word of a title. */
export function startTerm(word: string): string {
  return marks.start + word
}

/** The private character that a term begins with, and the rest. */
export function splitTerm(term: string): [mark: string, rest: string] {
  return isWord(term) ? ['', term] : [term[0]!, term.slice(1)]
}

/** The term of a publisher's key, of which the first digits do. */
export function publisherTerm(publisher: string): string {
  return term('publisher', publisher.slice(0, publisherDigits))
}

/** The term of a title, as its folded words. */
export function wholeTitleTerm(words: readonly string[]): string {
  return marks.whole + hash(words.join(' '))
}

/** Which power of two the seeds come to; `undefined` for few. */
export function seedTier(seeds: number | null | undefined): number | undefined {
  const tier = Math.floor(Math.log2((seeds ?? 0) || 1))
  return tier >= leastSeedTier ? Math.min(tier, mostSeedTier) : undefined
}

/**
 * The terms that a listing is found under, in the order that phrases need, and what its rank is made of: folded title,
 * tags and creator, a line each.
 */
export function indexTerms(
  listing: Pick<
    Listing,
    'title' | 'tags' | 'creator' | 'description' | 'section' | 'license' | 'language' | 'publisher'
  >,
  seeds?: number | null,
): { terms: string[]; words: string } {
  const { creator = '', language = '' } = listing
  const title = foldedWords(listing.title)
  const tags = listing.tags.map(foldedWords)
  const creators = foldedWords(creator)
  const terms = [...title, ...titleTerms(title)]
  if (title.length > 0) terms.push(startTerm(title[0]!))
  terms.push(wholeTitleTerm(title))
  for (const [index, words] of tags.entries()) terms.push(term('tag', listing.tags[index]!), ...words)
  terms.push(term('section', listing.section), ...licenseTerms(listing.license))
  if (language) terms.push(...languageTerms(language))
  terms.push(publisherTerm(listing.publisher))
  const tier = seedTier(seeds)
  if (tier !== undefined) terms.push(term('seeds', String(tier)))
  terms.push(...creators, ...creatorTerms(creators))
  terms.push(...foldedWords(listing.description))
  return {
    terms,
    words: `${title.join(' ')}\n${tags.map(words => words.join(' ')).join('\t')}\n${creators.join(' ')}`,
  }
}

/** `CC-BY-4.0` is also found as `CC-BY`, and each part of `MIT OR Apache-2.0` by itself. */
function licenseTerms(license: string): string[] {
  const terms = new Set([term('license', license)])
  for (const part of license.split(/[()]|\s+(?:OR|AND|WITH)\s+/)) {
    if (part.trim() === '') continue
    terms.add(term('license', part))
    const family = part.replace(/-\d[\d.]*(?:-\w+)?$/, '')
    if (family !== part) terms.add(term('license', family))
  }
  return [...terms]
}

/** `pt-BR` is also found as `pt`. */
function languageTerms(language: string): string[] {
  const [primary] = language.split('-')
  return primary === language
    ? [term('language', language)]
    : [term('language', language), term('language', primary!)]
}

/** 53 bits that tell titles apart (cyrb53); whoever makes two alike gains nothing, for the rank looks at the title. */
function hash(text: string): string {
  let one = 0xdeadbeef
  let other = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    one = Math.imul(one ^ code, 2_654_435_761)
    other = Math.imul(other ^ code, 1_597_334_677)
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(other ^ (other >>> 13), 3_266_489_909)
  other = Math.imul(other ^ (other >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & other) + (one >>> 0)).toString(36)
}
