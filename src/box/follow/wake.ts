/** A wait that can be cut short. */
export interface Wake {
  /** Ends the wait, or the next one where nobody waits. */
  now(): void
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Made for whoever rests between two looks, but not when something has happened. */
export function wake(): Wake {
  let isWoken = false
  let end: (() => void) | undefined
  return {
    now() {
      isWoken = true
      end?.()
    },
    async wait(ms, signal) {
      if (!isWoken && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        const timer = setTimeout(resolve, ms).unref()
        end = resolve
        await promise
        clearTimeout(timer)
        end = undefined
      }
      isWoken = false
    },
  }
}
