import { P2pShareError } from '../core/index.ts'
import { canAsk, type Env } from './env.ts'
import { Prompt } from './prompt.ts'

/** What is about to be done, and how it is said that nothing was. */
export interface Proposal {
  readonly question: string
  readonly refusal: string
}

/**
 * Asks for a yes on the terminal; a script, which nobody sits at, has agreed by being run.
 *
 * @param isAgreed `--yes`: nothing is asked
 * @throws {P2pShareError} `ERR_USAGE` where the answer is no
 */
export async function agree(
  { question, refusal }: Proposal,
  isAgreed: boolean | undefined,
  env: Env,
): Promise<void> {
  if (isAgreed || !canAsk(env) || (await new Prompt(env).confirm(question))) return
  throw new P2pShareError('ERR_USAGE', refusal)
}
