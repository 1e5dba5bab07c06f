import { join } from 'node:path'
import { findHome, P2pShareError } from '../../core/index.ts'
import { holdFile } from '../../database/index.ts'

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
  const path = join(findHome(homePath).state, 'box.lock')
  for (let looks = 0; looks < mostLooks; looks++) {
    const held = await holdFile(path)
    if (held) return held.release()
    await wait(everyMs)
  }
  throw new P2pShareError('ERR_TIMEOUT', 'The box was told to stop, and still runs')
}
