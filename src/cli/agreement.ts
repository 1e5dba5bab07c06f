import { P2pShareError } from '../core/index.ts'
import { canAsk, type Env } from './env.ts'
import { Prompt } from './prompt.ts'

/** What is about to be done, and how it is said that nothing was. */
export interface Proposal {
  readonly question: string
  readonly refusal: string
  /** What is deleted that cannot be had back; nothing where that is not so. */
  readonly deletes?: string | undefined
}

/** Somebody was asked and did not say yes: nothing is done, which is no fault. Its message is all there is to say. */
export class Declined extends Error {}

/**
 * Asks for a yes on the terminal. A script, which nobody sits at, has agreed by being run, but to what deletes files: that takes `--yes`.
 *
 * @param isAgreed `--yes`: nothing is asked
 * @throws {Declined} where the answer is no
 * @throws {P2pShareError} `ERR_USAGE` where files would be deleted and nobody can be asked
 */
export async function agree(
  { question, refusal, deletes }: Proposal,
  isAgreed: boolean | undefined,
  env: Env,
): Promise<void> {
  if (isAgreed) return
  if (canAsk(env)) {
    if (await new Prompt(env).confirm(question)) return
    throw new Declined(refusal)
  }
  if (deletes !== undefined)
    throw new P2pShareError('ERR_USAGE', `${refusal}: say --yes to delete ${deletes} without being asked`)
}
