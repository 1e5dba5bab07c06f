import type { WorkOptions } from '../box/index.ts'
import type { Env } from './env.ts'
import type { Printer } from './printer.ts'

/**
 * Waits for what a box does that takes long, and says where somebody leaves that the box goes on.
 *
 * @param look how to look after it then
 */
export async function waitForBox<Answer>(
  { env, printer }: { readonly env: Env; readonly printer: Printer },
  look: string,
  work: (options: Pick<WorkOptions, 'signal' | 'onBegin'>) => Promise<Answer>,
): Promise<Answer> {
  const { signal } = env
  let isBegun = false
  try {
    return await work({
      signal,
      onBegin: () => {
        isBegun = true
      },
    })
  } catch (error) {
    if (isBegun && signal.aborted) printer.note(`The box goes on with it: ${look}`)
    throw error
  }
}
