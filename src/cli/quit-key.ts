import { raceAbort } from '../core/index.ts'
import { canAsk, type Env } from './env.ts'

const ctrlC = '\u0003'

/**
 * Does something until it ends, or somebody types q: its signal aborts then. Ctrl-C interrupts as ever.
 *
 * @throws what `work` throws, and the reason of the interruption
 */
export async function untilQuit(env: Env, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (!canAsk(env)) return work(env.signal)
  const quit = new AbortController()
  env.stdin.setRawMode?.(true)
  try {
    await Promise.race([work(AbortSignal.any([env.signal, quit.signal])), untilTyped(env)])
  } finally {
    env.stdin.setRawMode?.(false)
    quit.abort()
  }
}

async function untilTyped({ stdin, signal, interrupt }: Env): Promise<void> {
  const chunks = stdin[Symbol.asyncIterator]()
  for (;;) {
    const { done, value } = await raceAbort(chunks.next(), signal)
    const keys = done ? '' : String(value)
    if (keys.includes(ctrlC)) interrupt()
    if (done || /q/i.test(keys)) return
  }
}
