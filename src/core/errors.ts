/**
 * What went wrong, for whoever has to answer it.
 *
 * - `input`: what was given cannot be used (a torrent, a magnet link, a path)
 * - `environment`: this machine does not allow it now (disk full, no permission, port taken)
 * - `network`: nobody answered, or not in time
 * - `integrity`: bytes are not what their hash says
 * - `denied`: refused on purpose, because doing it would be unsafe or was not allowed
 * - `internal`: a fault of p2pshare itself
 */
export type ErrorKind = 'input' | 'environment' | 'network' | 'integrity' | 'denied' | 'internal'

/** Every code with its kind: the one list that docs/errors.md and the exit codes are checked against. */
export const errorKinds = {
  ERR_USAGE: 'input',
  ERR_INVALID_ARGUMENT: 'input',
  ERR_INVALID_BENCODE: 'input',
  ERR_INVALID_TORRENT: 'input',
  ERR_TORRENT_TOO_LARGE: 'input',
  ERR_UNSUPPORTED_TORRENT: 'input',
  ERR_INVALID_MAGNET: 'input',
  ERR_INVALID_IDENTIFIER: 'input',
  ERR_PATH_NOT_FOUND: 'input',
  ERR_UNREADABLE_FILE: 'input',
  ERR_NOTHING_TO_SHARE: 'input',
  ERR_NO_SUCH_FILE: 'input',
  ERR_INVALID_MEDIA: 'input',
  ERR_INVALID_JSON: 'input',
  ERR_INVALID_IDENTITY: 'input',
  ERR_INVALID_LISTING: 'input',
  ERR_INVALID_CATALOG: 'input',
  ERR_INVALID_POINTER: 'input',
  ERR_INVALID_CONFIG: 'input',
  ERR_INVALID_FEED: 'input',
  ERR_NO_SUCH_TRANSFER: 'input',
  ERR_NO_SUCH_CATALOG: 'input',
  ERR_NO_SUCH_LISTING: 'input',
  ERR_NO_SUCH_SUBMISSION: 'input',
  ERR_ALREADY_DECIDED: 'input',
  ERR_LOCATION_NOT_REMOVABLE: 'denied',
  ERR_ADDRESS_NOT_ALLOWED: 'denied',
  ERR_UNSAFE_PATH: 'denied',
  ERR_NOT_AUTHORIZED: 'denied',
  ERR_RATE_LIMITED: 'denied',
  ERR_DISK_FULL: 'environment',
  ERR_CANNOT_WRITE: 'environment',
  ERR_TARGET_EXISTS: 'environment',
  ERR_PORT_TAKEN: 'environment',
  ERR_HOME_LOCKED: 'environment',
  ERR_NODE_TOO_OLD: 'environment',
  ERR_DATABASE: 'environment',
  ERR_SERVICE_MANAGER: 'environment',
  ERR_NO_PEERS: 'network',
  ERR_NO_BOX: 'network',
  ERR_TIMEOUT: 'network',
  ERR_FETCH_FAILED: 'network',
  ERR_SOURCE_CHANGED: 'integrity',
  ERR_HASH_MISMATCH: 'integrity',
  ERR_METADATA_MISMATCH: 'integrity',
  ERR_BAD_SIGNATURE: 'integrity',
  ERR_ROLLED_BACK: 'integrity',
  ERR_STOPPED: 'internal',
  ERR_INTERNAL: 'internal',
} as const satisfies Record<string, ErrorKind>

/** The closed union of codes that a {@link P2pShareError} can carry. */
export type ErrorCode = keyof typeof errorKinds

/**
 * The one error class of the library. `message` names the thing (path, magnet link, peer) and what to do;
 * `code` is stable across releases, `kind` groups codes, `cause` holds what was caught, if anything.
 *
 * @example
 * try {
 *   await readTorrent('holiday.torrent')
 * } catch (error) {
 *   if (error instanceof P2pShareError && error.code === 'ERR_INVALID_TORRENT') console.error(error.message)
 * }
 */
export class P2pShareError extends Error {
  override readonly name = 'P2pShareError'
  readonly code: ErrorCode
  readonly kind: ErrorKind

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.kind = errorKinds[code]
  }
}

/**
 * The error of a file-system call as a {@link P2pShareError} that names the path: `ENOENT` becomes
 * `ERR_PATH_NOT_FOUND`, `ENOSPC`, `EDQUOT` and `EFBIG` `ERR_DISK_FULL`, what forbids writing `ERR_CANNOT_WRITE`
 * (or `ERR_UNREADABLE_FILE` where `doing` is `'read'`). An error that already is one comes back as it is.
 */
export function fileSystemError(error: unknown, path: string, doing: 'read' | 'write'): P2pShareError {
  if (error instanceof P2pShareError) return error
  const { code, message } = error as NodeJS.ErrnoException
  const options = { cause: error }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return doing === 'read'
        ? new P2pShareError('ERR_PATH_NOT_FOUND', `There is nothing at ${path}`, options)
        : new P2pShareError('ERR_CANNOT_WRITE', `Cannot write ${path}: its folder is gone`, options)
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new P2pShareError('ERR_DISK_FULL', `No room left to write ${path}: free some space`, options)
    case 'EEXIST':
      return new P2pShareError(
        'ERR_TARGET_EXISTS',
        `${path} exists already and is not ours to replace`,
        options,
      )
    default:
      return doing === 'read'
        ? new P2pShareError('ERR_UNREADABLE_FILE', `Cannot read ${path}: ${code ?? message}`, options)
        : new P2pShareError('ERR_CANNOT_WRITE', `Cannot write ${path}: ${code ?? message}`, options)
  }
}
