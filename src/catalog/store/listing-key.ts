const numbersInASecond = 2 ** 20
/** Beyond it a key would not be exact in a JavaScript number: the year 2242. */
const maxSeconds = 2 ** 33 - 1

/**
 * What listings are kept in the order of: when they were listed, and by their number within a second. Both databases read
 * the newest matches of a word by going through its matches from the end.
 *
 * A listing counts from its own date, but none after it came here: what says that it is from the future gains nothing.
 */
export function listingKey(publishedAt: string, seenAtMs: number, number: number): number {
  return keyAt(Math.min(Date.parse(publishedAt), seenAtMs)) + (number % numbersInASecond)
}

/**
 * Another key for a listing whose key is taken: the same place in the second before. Only numbers that are 2^20 apart can
 * want the same.
 */
export function earlierKey(key: number): number {
  return key - numbersInASecond
}

/** Whether a listing of this number could find its key taken. */
export function mayCollide(number: number): boolean {
  return number >= numbersInASecond
}

/** The first key of the second that a time falls into. */
export function keyAt(timeMs: number): number {
  return Math.min(Math.max(Math.floor(timeMs / 1000), 0), maxSeconds) * numbersInASecond
}
