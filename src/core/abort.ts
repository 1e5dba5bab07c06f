/** What every asynchronous public call takes last. */
export interface AbortOptions {
  /** Aborting rejects the call with `signal.reason`; what happens to work in flight is said at each call. */
  signal?: AbortSignal | undefined
}

/**
 * Waits for `promise`, or rejects with the signal's reason as soon as it aborts. The promise itself goes on;
 * its late rejection is swallowed. No listener is left on the signal either way.
 */
export async function raceAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  if (signal.aborted) {
    promise.catch(() => {})
    throw signal.reason
  }
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    promise.catch(() => {})
  }
}
