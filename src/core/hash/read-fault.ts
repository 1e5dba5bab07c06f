import { P2pShareError } from '../errors.ts'

/** Why a part could not be read. A plain object: it has to cross from a worker to the main thread whole. */
export interface ReadFault {
  readonly path: string
  /** What is not as it was found, `undefined` where reading itself failed. */
  readonly change: string | undefined
  /** The system's own code, `EACCES`. */
  readonly code: string | undefined
}

export function isReadFault(thrown: unknown): thrown is ReadFault {
  return typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'change' in thrown
}

export function readFaultError({ path, change, code }: ReadFault): P2pShareError {
  return change === undefined
    ? new P2pShareError('ERR_UNREADABLE_FILE', `Cannot read ${path}: ${code}`)
    : new P2pShareError(
        'ERR_SOURCE_CHANGED',
        `${path} ${change} while it was being read: try again once nothing writes to it`,
      )
}
