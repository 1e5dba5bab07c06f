import { P2pShareError } from '../core/index.ts'

/**
 * The number of a submission.
 * @throws {P2pShareError} `ERR_USAGE`
 */
export function readSubmissionNumber(word: string): number {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word)
  throw new P2pShareError('ERR_USAGE', `"${word.slice(0, 100)}" is no number of a submission`)
}
