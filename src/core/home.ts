import { platform } from 'node:os'
import { join } from 'node:path'
import envPaths from 'env-paths'

/** Where p2pshare keeps what is its own. All paths are absolute; none need exist yet. */
export interface Home {
  /** Settings that a person edits. */
  readonly config: string
  /** What must not be lost: identities, catalogs. */
  readonly data: string
  /** What can be made again at a cost: resume data, DHT nodes. */
  readonly state: string
}

/**
 * Finds the home folders.
 *
 * @param root one folder that holds all of them (`P2PSHARE_HOME`); without it, the platform's own places:
 *   the XDG base directories on Linux, `~/Library` on macOS, `%APPDATA%` and `%LOCALAPPDATA%` on Windows.
 */
export function findHome(root?: string): Home {
  if (root) return { config: join(root, 'config'), data: join(root, 'data'), state: join(root, 'state') }
  const paths = envPaths('p2pshare', { suffix: '' })
  // Only XDG has a place for state, which env-paths gives as that of logs; elsewhere logs may be cleared at any time.
  const state = platform() === 'linux' ? paths.log : join(paths.data, 'state')
  return { config: paths.config, data: paths.data, state }
}
