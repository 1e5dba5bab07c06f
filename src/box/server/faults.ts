import type { Context } from 'hono'
import { P2pShareError } from '../../core/index.ts'
import { errorCodeOf, type HttpEnv, httpErrorOf, problemOf } from '../../http/index.ts'
import type { Desk } from './desk.ts'

const mostCharacters = 200

/** Answers what nothing else has answered; a fault of ours is told of in the log, and of it nothing in the answer. */
export function answerFault(
  error: unknown,
  { req }: Context<HttpEnv>,
  { onProblem }: Pick<Desk, 'onProblem'>,
): Response {
  // Whoever has gone reads no answer, and a body that ends with its connection is no fault.
  if (isFault(error) && !req.raw.signal.aborted)
    onProblem(`${req.method} ${shownPath(req.path)} failed`, error)
  return problemOf(httpErrorOf(error), errorCodeOf(error))
}

/** Whether the program went wrong, rather than met something. */
export function isFault(error: unknown): boolean {
  return error instanceof P2pShareError ? error.code === 'ERR_INTERNAL' : httpErrorOf(error).status === 500
}

/** What a link ends with that signs a browser in is no matter of the log. */
function shownPath(path: string): string {
  return path.replace(/^(\/sign-in\/).*/s, '$1…').slice(0, mostCharacters)
}
