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
/** Of each set, however long it takes to find them. */
const fewOfSet = 20

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
  const within = (...others: Expression[]) => allOf([...expressionParts(expression), ...others])!
  const terms = (...of: string[]): Expression => ({ kind: 'terms', terms: of })
  const besideWords = expressionParts(expression).filter(part => !followsFromWords(part))
  const hasInTitle = mapTerms(expression, part =>
    part.terms.every(isWord) ? { ...part, terms: titleTerms(part.terms) } : part,
  )
  const hasUpFront = mapTerms(expression, part =>
    part.terms.every(isWord)
      ? anyOf([
          { ...part, terms: titleTerms(part.terms) },
          { ...part, terms: creatorTerms(part.terms) },
          { ...part, terms: [term('tag', part.terms.join(' '))] },
        ])!
      : part,
  )
  const tiers = Array.from({ length: mostSeedTier + 1 - leastTier }, (_, index) =>
    terms(term('seeds', String(leastTier + index))),
  )
  const sets = [
    allOf([terms(wholeTitleTerm(sequence)), ...besideWords])!,
    allOf([terms(startTerm(sequence[0]!)), terms(...titleTerms(sequence)), ...besideWords])!,
    hasInTitle,
    hasUpFront,
    ...(leastTier >= leastSeedTier && tiers.length > 0 ? [within(anyOf(tiers)!)] : []),
  ]
  const found = await Promise.all(
    sets.map(set => finder.find(criteria, set, 'newest', setSize, setSize, fewOfSet)),
  )
  return new Set(found.flatMap(({ keys }) => keys))
}

function expressionParts(expression: Expression): readonly Expression[] {
  return expression.kind === 'all' ? expression.of : [expression]
}

/** Whether all that has the wanted words has this too. */
function followsFromWords(part: Expression): boolean {
  if (part.kind === 'any') return part.of.some(followsFromWords)
  return (part.kind === 'terms' || part.kind === 'prefix') && part.terms.every(isWord)
}
