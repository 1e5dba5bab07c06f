import { type ErrorCode, type ErrorKind, P2pShareError } from '../core/index.ts'

/** An answer that ends a request early, with what to say to a person or a program. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  /** A sentence that says what is wrong and what to do. */
  readonly detail: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail)
    this.status = status
    this.detail = detail
    this.headers = headers
  }
}

const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  input: 400,
  denied: 403,
  environment: 503,
  network: 504,
  integrity: 422,
  internal: 500,
}

/** What an error is over HTTP. Of faults that are not the client's own nothing is told but that they happened. */
export function httpErrorOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (!(error instanceof P2pShareError)) return new HttpError(500, 'Something went wrong here.')
  const status = statusOf(error)
  return new HttpError(status, status >= 500 ? 'This does not work at the moment.' : error.message)
}

/** The code of an error, or the one that fits what it is over HTTP, where there is one. */
export function errorCodeOf(error: unknown): ErrorCode | undefined {
  return error instanceof P2pShareError ? error.code : codes[httpErrorOf(error).status]
}

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'ERR_INVALID_ARGUMENT',
  401: 'ERR_NOT_AUTHORIZED',
  403: 'ERR_NOT_AUTHORIZED',
  413: 'ERR_INVALID_ARGUMENT',
  415: 'ERR_INVALID_ARGUMENT',
  429: 'ERR_RATE_LIMITED',
}

function statusOf({ code, kind }: P2pShareError): number {
  if (code.startsWith('ERR_NO_SUCH_')) return 404
  if (code === 'ERR_RATE_LIMITED') return 429
  if (code === 'ERR_ALREADY_DECIDED' || code === 'ERR_TARGET_EXISTS' || code === 'ERR_STOPPED') return 409
  if (code === 'ERR_TORRENT_TOO_LARGE') return 413
  return statusOfKind[kind]
}
