import type { Criteria } from './criteria.ts'
import { allOf, anyOf, type Expression, mapTerms } from './expression.ts'
import type { KeyFinder } from './find-keys.ts'
import {
  creatorTerms,
  isWord,
  leastSeedTier,
  mostSeedTier,
  startTerm,
  term,
  titleTerms,
  wholeTitleTerm,
} from './index-terms.ts'

/** Matches that are ranked all of them; where there are more, those from each of the sets. */
export const maxRanked = 1_000
const setSize = 250

/**
 * Where a word is common, the matches that may rank high: whose title is what was asked for, begins with it or has it; that
 * have it as a tag or as creator; that have most seeds. Each set is the newest of its kind.
 */
export async function candidateKeys(
  finder: KeyFinder,
  criteria: Criteria,
  expression: Expression,
  leastTier: number,
): Promise<Set<number>> {
  const { wanted } = criteria
  const sequence = wanted.flatMap(({ words }) => words)
  const within = (...others: Expression[]) =>
    allOf([...(expression.kind === 'all' ? expression.of : [expression]), ...others])!
  const terms = (...of: string[]): Expression => ({ kind: 'terms', terms: of })
  const hasInTitle = mapTerms(expression, part =>
    part.terms.every(isWord) ? { ...part, terms: titleTerms(part.terms) } : part,
  )
  const hasUpFront = mapTerms(expression, part =>
    part.terms.every(isWord)
      ? anyOf([
          terms(...titleTerms(part.terms)),
          terms(...creatorTerms(part.terms)),
          terms(term('tag', part.terms.join(' '))),
        ])!
      : part,
  )
  const tiers = Array.from({ length: mostSeedTier + 1 - leastTier }, (_, index) =>
    terms(term('seeds', String(leastTier + index))),
  )
  const sets = [
    within(terms(wholeTitleTerm(sequence))),
    allOf([terms(startTerm(sequence[0]!)), terms(...titleTerms(sequence)), ...markers(expression)])!,
    hasInTitle,
    hasUpFront,
    ...(leastTier >= leastSeedTier && tiers.length > 0 ? [within(anyOf(tiers)!)] : []),
  ]
  const found = new Set<number>()
  for (const set of sets)
    for (const key of await finder.keys(criteria, set, 'newest', setSize)) found.add(key)
  return found
}

/** What an expression asks beside its words. */
function markers(expression: Expression): Expression[] {
  const parts = expression.kind === 'all' ? expression.of : [expression]
  return parts.filter(part => part.kind === 'not' || (part.kind === 'terms' && !part.terms.every(isWord)))
}
