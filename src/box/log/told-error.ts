import { P2pShareError } from '../../core/index.ts'
import { withoutSecrets } from './without-secrets.ts'

/** An error as it may be told where the log goes too: keys may stand in any address that it names, and in what caused it. */
export function toldError(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error)) return withoutSecrets(String(error), secrets)
  const message = withoutSecrets(error.message, secrets)
  if (message === error.message) return error
  return error instanceof P2pShareError ? new P2pShareError(error.code, message) : new Error(message)
}
