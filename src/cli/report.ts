import { P2pShareError, visibleName } from '../core/index.ts'
import { Declined } from './agreement.ts'
import type { Env } from './env.ts'
import { codeOf, exitCodeOf, exitCodes } from './exit-code.ts'
import { Printer } from './printer.ts'
import { remedies } from './remedies.ts'

/**
 * Says what went wrong and what to do about it, on stderr; with `--json` also as an object on stdout. A stack stands
 * in front of a person only where P2PSHARE_DEBUG asks for it. Of somebody's no there is nothing more to say.
 *
 * @returns the exit code
 */
export function report(error: unknown, env: Env, isJson: boolean): number {
  if (env.signal.aborted && isAbort(error, env.signal)) {
    new Printer(env, isJson).event('interrupted', {})
    return exitCodes.interrupted
  }
  if (error instanceof Declined) {
    new Printer(env, isJson).event('declined', { message: error.message })
    env.stderr.write(`${error.message}\n`)
    return exitCodes.denied
  }
  const code = codeOf(error)
  const message = messageOf(error)
  const remedy = remedies[code]
  new Printer(env, isJson).event('error', { code, message, remedy })
  env.stderr.write(`p2pshare: ${message}\n  ${remedy}\n  ${code}\n`)
  if (env.variables.P2PSHARE_DEBUG && error instanceof Error) env.stderr.write(`${inspectError(error)}\n`)
  return exitCodeOf(code)
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError')
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const visible = message.split('\n').map(visibleName).join('\n  ')
  return error instanceof P2pShareError ? visible : `A fault of p2pshare itself: ${visible}`
}

function inspectError(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${inspectError(error.cause)}` : ''
  return `${error.stack ?? error.message}${cause}`
}
