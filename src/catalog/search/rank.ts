import type { WantedWords } from './parse-query.ts'

/** A listing that may be worth showing. */
export interface Candidate {
  readonly key: number
  /** Folded title, tags and creator, see `indexTerms`. */
  readonly words: string
  readonly seeds: number | null
}

const points = {
  wholeTitle: 400,
  titleStart: 60,
  titlePhrase: 50,
  /** For the part of the wanted words that the field has. */
  title: 100,
  tag: 60,
  creator: 50,
  /** For the part of the title that was wanted. */
  titleShare: 40,
  /** For each doubling of the seeds. */
  seeds: 6,
  newness: 20,
}
const maxSeedDoublings = 12
const halfNewAfterSeconds = 180 * 24 * 3_600
const numbersInASecond = 2 ** 20

/** Puts candidates in the order in which they are worth showing; of equals the newest comes first. */
export function rank(
  candidates: readonly Candidate[],
  wanted: readonly WantedWords[],
  nowMs: number,
): Candidate[] {
  const sequence = wanted.flatMap(({ words }) => words)
  const scored = candidates.map(candidate => ({
    candidate,
    score: score(candidate, wanted, sequence, nowMs),
  }))
  scored.sort((one, other) => other.score - one.score || other.candidate.key - one.candidate.key)
  return scored.map(({ candidate }) => candidate)
}

function score(
  { key, words, seeds }: Candidate,
  wanted: readonly WantedWords[],
  sequence: readonly string[],
  nowMs: number,
): number {
  const [title = '', tags = '', creator = ''] = words.split('\n')
  const whole = sequence.join(' ')
  let total = 0
  if (title === whole) total += points.wholeTitle
  if (`${title} `.startsWith(`${whole} `)) total += points.titleStart
  if (` ${title} `.includes(` ${whole} `)) total += points.titlePhrase
  const ofTitle = share(title, wanted)
  total += points.title * ofTitle
  total += points.tag * share(tags.replaceAll('\t', ' '), wanted)
  total += points.creator * share(creator, wanted)
  total += points.titleShare * Math.min(1, (ofTitle * sequence.length) / Math.max(1, countWords(title)))
  total += points.seeds * Math.min(maxSeedDoublings, Math.log2(1 + (seeds ?? 0)))
  const ageSeconds = Math.max(0, nowMs / 1000 - key / numbersInASecond)
  return total + points.newness / (1 + ageSeconds / halfNewAfterSeconds)
}

/** The part of the wanted words that a field has. */
function share(field: string, wanted: readonly WantedWords[]): number {
  if (field === '') return 0
  const padded = ` ${field} `
  let held = 0
  for (const { words, isPrefix } of wanted) {
    const phrase = ` ${words.join(' ')}`
    if (padded.includes(`${phrase} `)) held++
    else if (isPrefix && padded.includes(phrase)) held += 0.8
  }
  return held / wanted.length
}

function countWords(text: string): number {
  let count = 1
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) count++
  return count
}
