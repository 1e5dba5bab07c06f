import { findHome, P2pShareError } from '../../core/index.ts'
import { isHomeTaken } from '../server/where.ts'

const everyMs = 100
const mostLooks = 150

/**
 * Waits until no box has a home any more, so that another one may be started.
 *
 * @param wait resolves after so many milliseconds
 * @throws {P2pShareError} `ERR_TIMEOUT` after a quarter of a minute; what `wait` throws
 */
export async function untilNoBox(
  homePath: string | undefined,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  const { state } = findHome(homePath)
  for (let looks = 0; looks < mostLooks; looks++) {
    if (!(await isHomeTaken(state))) return
    await wait(everyMs)
  }
  throw new P2pShareError('ERR_TIMEOUT', 'The box was told to stop, and still runs')
}
