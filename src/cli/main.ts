import type { Env } from './env.ts'
import { exitCodes } from './exit-code.ts'
import { isYes } from './option-environment.ts'
import { runProgram } from './program.ts'
import { report } from './report.ts'

/**
 * Runs one command line in the world that `env` gives it.
 *
 * @returns the exit code: see docs/errors.md; never rejects
 */
export async function main(env: Env): Promise<number> {
  try {
    await runProgram(env)
    return exitCodes.done
  } catch (error) {
    return reportError(error, env)
  }
}

/**
 * Reports an error where it is not known yet, or no longer, how the command was called.
 *
 * @returns the exit code
 */
export function reportError(error: unknown, env: Env): number {
  return report(error, env, env.args.includes('--json') || isYes(env.variables.P2PSHARE_JSON))
}
