import { P2pShareError } from '../../../core/index.ts'

/** What JSON-RPC 2.0 calls each kind of failure. `refused` is ours: it was understood, and is not done. */
const failures = {
  parse: { code: -32_700, message: 'Parse error' },
  request: { code: -32_600, message: 'Invalid Request' },
  method: { code: -32_601, message: 'Method not found' },
  params: { code: -32_602, message: 'Invalid params' },
  internal: { code: -32_603, message: 'Internal error' },
  refused: { code: -32_000, message: 'Not done' },
} as const

export type Failure = keyof typeof failures

/** Why a call failed, as it is told to whoever called. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly failure: Failure

  constructor(failure: Failure, detail: string) {
    super(detail)
    this.failure = failure
  }

  /** The `error` of JSON-RPC; the detail stands where Transmission puts it. */
  toJson(): Record<string, unknown> {
    return { ...failures[this.failure], data: { error_string: this.message } }
  }
}

/** What a call threw. Of faults of ours nothing is told but that they happened. */
export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  if (!(error instanceof P2pShareError)) return new RpcError('internal', 'something went wrong here')
  return new RpcError(error.kind === 'input' ? 'params' : 'refused', error.message)
}
