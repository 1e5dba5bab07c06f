import type { Swarm } from '../swarm/index.ts'
import { type Env, homeOf } from './env.ts'
import { type NetworkFlags, swarmInit } from './network-options.ts'

const stopWithinMs = 5_000

/**
 * Starts a swarm, lends it, and stops it again within 5 s however the work ends. The swarm's code is loaded only here.
 */
export async function withSwarm<T>(
  env: Env,
  flags: NetworkFlags,
  work: (swarm: Swarm) => Promise<T>,
): Promise<T> {
  const { Swarm } = await import('../swarm/index.ts')
  const init = swarmInit(flags, homeOf(env))
  const swarm = await Swarm.start({ ...init, signal: env.signal })
  try {
    return await work(swarm)
  } finally {
    const patience = new AbortController()
    const enough = env.clock.wait(stopWithinMs, patience.signal).catch(() => {})
    await Promise.race([swarm.stop(), enough])
    patience.abort()
  }
}
