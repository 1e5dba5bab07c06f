import { type AbortOptions, type ErrorCode, errorKinds, P2pShareError } from '../../core/index.ts'

/** What is asked of a box. */
export interface BoxRequest extends AbortOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v1`, with its query. */
  readonly path: string
  /** Sent as JSON. */
  readonly json?: object | undefined
  /** Sent as it is, in place of JSON. */
  readonly bytes?: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | undefined
  /** What is liked best (RFC 7240). */
  readonly prefer?: string | undefined
  /** `undefined` waits for as long as it takes. @default one minute */
  readonly timeoutMs?: number | undefined
}

const usualTimeoutMs = 60_000

/** Asks the API of one box. */
export class BoxRequests {
  readonly #url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  /**
   * The JSON of the answer; `undefined` where there is none.
   * @throws {P2pShareError} what the box met; `ERR_NO_BOX` where it does not answer
   */
  async ask<Answer>(request: BoxRequest): Promise<Answer> {
    const response = await this.open(request)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as Answer
  }

  /** Whether the pages let in whoever runs this process, without the token. */
  async isOpen(signal?: AbortSignal): Promise<boolean> {
    const signals = [AbortSignal.timeout(usualTimeoutMs), ...(signal ? [signal] : [])]
    const init = { redirect: 'manual', signal: AbortSignal.any(signals) } as const
    const { body, status } = await fetch(`${this.#url}/`, init).catch(cause =>
      this.#unanswered(cause, signal),
    )
    await body?.cancel()
    return status === 200
  }

  /** As {@link ask}, for an answer that is read as it comes. */
  async open({ method, path, json, bytes, prefer, signal, ...rest }: BoxRequest): Promise<Response> {
    const timeoutMs = 'timeoutMs' in rest ? rest.timeoutMs : usualTimeoutMs
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
    const signals = [signal, timeout].filter(one => one !== undefined)
    const type = bytes ? 'application/octet-stream' : json && 'application/json'
    const body = bytes ?? (json && JSON.stringify(json))
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(type && { 'content-type': type }),
        ...(prefer && { prefer }),
      },
      ...(body !== undefined && { body, duplex: 'half' }),
      ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
    } as RequestInit).catch(cause => this.#unanswered(cause, signal))
    if (response.ok) return response
    throw problemOf(await response.text(), response.status)
  }

  #unanswered(cause: unknown, signal: AbortSignal | undefined): never {
    signal?.throwIfAborted()
    throw new P2pShareError('ERR_NO_BOX', `The box at ${this.#url} does not answer`, { cause })
  }
}

function problemOf(text: string, status: number): P2pShareError {
  try {
    return boxError(JSON.parse(text), status)
  } catch {
    // Not of a box.
    return boxError(undefined, status)
  }
}

/** What the box answered, as the error that it met. */
export function boxError(problem: unknown, status: number): P2pShareError {
  const { detail, code } = (problem ?? {}) as { readonly detail?: unknown; readonly code?: unknown }
  const isKnown = typeof code === 'string' && Object.hasOwn(errorKinds, code)
  return new P2pShareError(
    isKnown ? (code as ErrorCode) : 'ERR_INTERNAL',
    typeof detail === 'string' ? detail : `The box answered ${status}`,
  )
}
