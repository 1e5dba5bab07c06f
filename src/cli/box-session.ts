import type { BoxClient } from '../box/index.ts'
import { type Env, homeOf } from './env.ts'

/**
 * Does something with the box that runs on this home.
 * @throws {P2pShareError} `ERR_NO_BOX`, and what `work` throws
 */
export async function withBox<T>(env: Env, work: (box: BoxClient) => Promise<T>): Promise<T> {
  const { BoxClient } = await import('../box/index.ts')
  return work(await BoxClient.find(homeOf(env)))
}
