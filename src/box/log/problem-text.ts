import { P2pShareError } from '../../core/index.ts'

/** What the log says of what went wrong: of a fault of ours also where in the program, of what the box met only what it is. */
export function problemText(what: string, error: unknown): string {
  if (!(error instanceof Error)) return `${what}: ${String(error)}`
  const isMet = error instanceof P2pShareError ? error.code !== 'ERR_INTERNAL' : 'syscall' in error
  if (isMet) return `${what}: ${error.message}`
  const cause = error.cause instanceof Error ? `\nbecause of ${stackOf(error.cause)}` : ''
  return `${what}: ${stackOf(error)}${cause}`
}

function stackOf({ stack, message }: Error): string {
  return (stack ?? message).replaceAll(/\n\s+/g, '\n')
}
