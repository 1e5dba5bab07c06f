import { P2pShareError } from '../../core/index.ts'

/** What a person fills in. */
export type SubmissionField =
  | 'torrent'
  | 'magnet'
  | 'listing'
  | 'title'
  | 'description'
  | 'section'
  | 'tags'
  | 'license'
  | 'creator'
  | 'language'
  | 'email'

/** What is wrong with one field, to be shown beside it: `{ field: 'title', message: 'is empty' }`. */
export interface SubmissionProblem {
  readonly field: SubmissionField
  readonly message: string
}

/** A submission that cannot be taken as it is, with everything that is wrong with it: at least one problem. */
export class SubmissionError extends P2pShareError {
  readonly problems: readonly SubmissionProblem[]

  constructor(problems: readonly SubmissionProblem[]) {
    const words = problems.map(({ field, message }) => `the ${field} ${message}`).join('; ')
    super('ERR_INVALID_LISTING', `This cannot be submitted: ${words}`)
    this.problems = Object.freeze([...problems])
  }
}
