import { setTimeout as delay } from 'node:timers/promises'
import { type AbortOptions, P2pShareError } from '../../core/index.ts'
import { type BoxRequest, type BoxRequests, boxError } from './box-requests.ts'

/** How far work has come that takes long. */
export interface WorkProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

/** Who leaves by `signal` leaves the work to the box, which goes on. */
export interface WorkOptions extends AbortOptions {
  /** Called once the box has begun. */
  readonly onBegin?: (() => void) | undefined
  /** Called about once a second, where the box can tell how far it is. */
  readonly onProgress?: ((progress: WorkProgress) => void) | undefined
}

/** As the API tells of it. */
interface Work {
  readonly id: number
  readonly state: 'running' | 'done' | 'failed'
  readonly progress?: WorkProgress
  readonly result?: unknown
  readonly problem?: { readonly detail: string; readonly code?: string; readonly status: number }
}

const accepted = 202
/** Nobody waits for news of progress that long; others are answered when it ends. */
const progressSeconds = 1
const patientSeconds = 20
/** Until it is asked again whether a box that does much already begins one more. */
const busyMs = 1_000

/**
 * Has a box do what takes long, and waits for it, however long that is: no connection is open all the time. Where the box works on much
 * already it begins when there is room.
 *
 * @throws {P2pShareError} what the box met
 */
export async function doWork<Answer>(
  requests: BoxRequests,
  request: BoxRequest,
  { signal, onBegin, onProgress }: WorkOptions,
): Promise<Answer> {
  const response = await begin(requests, { ...request, signal, prefer: 'respond-async' })
  onBegin?.()
  // It may rather do it at once.
  if (response.status !== accepted) return (await response.json()) as Answer
  let work = (await response.json()) as Work
  const prefer = `wait=${onProgress ? progressSeconds : patientSeconds}`
  for (let told = -1; ; ) {
    const { id, state, progress, result, problem } = work
    if (progress && progress.doneBytes !== told) {
      told = progress.doneBytes
      onProgress?.(progress)
    }
    if (state === 'done') return result as Answer
    if (state === 'failed') throw boxError(problem, problem?.status ?? 500)
    work = await requests.ask<Work>({ method: 'GET', path: `/works/${id}`, prefer, signal })
  }
}

async function begin(requests: BoxRequests, request: BoxRequest): Promise<Response> {
  for (;;) {
    try {
      return await requests.open(request)
    } catch (error) {
      if (!(error instanceof P2pShareError && error.code === 'ERR_RATE_LIMITED')) throw error
      await delay(busyMs, undefined, { signal: request.signal })
    }
  }
}
