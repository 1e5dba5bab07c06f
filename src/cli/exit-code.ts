import { type ErrorCode, type ErrorKind, errorKinds, P2pShareError } from '../core/index.ts'

/** What the process answers with; the table is in docs/errors.md. */
export const exitCodes = {
  done: 0,
  internal: 1,
  usage: 2,
  input: 3,
  network: 4,
  environment: 5,
  integrity: 6,
  denied: 7,
  interrupted: 130,
} as const

const usageCodes = new Set<ErrorCode>(['ERR_USAGE', 'ERR_INVALID_ARGUMENT'])

export function exitCodeOf(code: ErrorCode): number {
  if (usageCodes.has(code)) return exitCodes.usage
  const kind: ErrorKind = errorKinds[code]
  return exitCodes[kind]
}

/** The code that an error is reported under: whatever is not ours is a fault of ours. */
export function codeOf(error: unknown): ErrorCode {
  return error instanceof P2pShareError ? error.code : 'ERR_INTERNAL'
}
