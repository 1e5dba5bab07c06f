import { Worker } from 'node:worker_threads'
import type { AbortOptions } from '../../core/index.ts'

/** What the router is asked for. */
export interface MappingOrder {
  /** The port here, and the one wished for outside: TCP, and UDP for the DHT. */
  readonly port: number
  readonly leaseSeconds: number
  /** Whether the mapping is to be taken back. */
  readonly isToEnd: boolean
}

export interface MappingThreadOptions extends AbortOptions {
  readonly timeoutMs: number
  /** @default the one that asks the router */
  readonly workerUrl?: URL
}

const resourceLimits = { maxOldGenerationSizeMb: 64 }
const routerUrl = new URL(
  import.meta.url.endsWith('.ts') ? './port-mapping-worker.ts' : './port-mapping-worker.js',
  import.meta.url,
)

/**
 * Asks the router, in a thread of its own that lives no longer than that: whatever answers in the local network is read by a library, and what
 * it may do to that ends with the thread.
 *
 * @returns whether the router agreed; `false` also when the time is over or the signal aborts
 */
export async function askRouter(
  order: MappingOrder,
  { timeoutMs, signal, workerUrl = routerUrl }: MappingThreadOptions,
): Promise<boolean> {
  if (signal?.aborted) return false
  const worker = new Worker(workerUrl, {
    name: 'p2pshare-nat',
    execArgv: [],
    resourceLimits,
    workerData: order,
  })
  const answered = Promise.withResolvers<boolean>()
  const onEnd = () => answered.resolve(false)
  const timer = setTimeout(onEnd, timeoutMs)
  worker.on('message', (isDone: unknown) => answered.resolve(isDone === true))
  worker.on('error', onEnd)
  worker.on('exit', onEnd)
  signal?.addEventListener('abort', onEnd, { once: true })
  try {
    return await answered.promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onEnd)
    await worker.terminate()
  }
}
