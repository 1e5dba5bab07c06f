import type { BoxClient } from '../box/index.ts'
import type { Invocation } from './cli-command.ts'
import { type Env, homeOf, isLive } from './env.ts'

/**
 * Does something with the box that runs on this home.
 * @throws {P2pShareError} `ERR_NO_BOX`, and what `work` throws
 */
export async function withBox<T>(env: Env, work: (box: BoxClient) => Promise<T>): Promise<T> {
  const { BoxClient } = await import('../box/index.ts')
  return work(await BoxClient.find(homeOf(env)))
}

/** How whoever sits at this terminal gets into the pages; nothing where there is no terminal, or the pages ask for nothing. */
export async function signInNote(
  box: BoxClient,
  { env, printer }: Pick<Invocation, 'env' | 'printer'>,
): Promise<string | undefined> {
  if (printer.isJson || !isLive(env.stderr, env)) return undefined
  const link = await box.signInLink({ signal: env.signal })
  return link && `To sign a browser in, once and within a quarter of an hour:\n${link}`
}
