import { join } from 'node:path'
import type { Home } from '../../core/index.ts'

/** Where the log of the box of a home is. */
export function logPath(home: Home): string {
  return join(home.state, 'box.log')
}
