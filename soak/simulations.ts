import { Teardown } from '../bench/teardown.ts'
import type { TestedEngine } from '../test/kit/engines.ts'
import { heldBytes } from '../test/kit/hostile/memory.ts'
import { openHandles } from '../test/kit/simulation/handles.ts'
import { simulate } from '../test/kit/simulation/simulate.ts'
import { growthIn, printSample, type Sample } from './growth.ts'

export interface SoakInit {
  readonly minutes: number
  readonly seed: number
  readonly engines: readonly TestedEngine[]
}

/** Runs one simulation after the other, each by the next seed. Answers whether all ended well and nothing grew. */
export async function simulations({ minutes, seed, engines }: SoakInit): Promise<boolean> {
  const started = performance.now()
  const samples: Sample[] = []
  const elapsed = () => (performance.now() - started) / 60_000
  for (let round = 0; elapsed() < minutes; round++) {
    const told: string[] = []
    const init = {
      seed: seed + round,
      engines,
      troubleMs: 10_000,
      onEvent: (event: string) => void told.push(event),
    }
    try {
      await using owner = new Teardown()
      const { differing, events } = await simulate(owner, init)
      if (differing.length > 0)
        throw new Error(`What ${differing.join(', ')} got differs from what the seeds have`)
      samples.push({
        minutes: elapsed(),
        memoryBytes: 0,
        handles: 0,
        note: `seed ${init.seed}: ${events} events`,
      })
    } catch (error) {
      console.error(told.join('\n'))
      console.error(`Seed ${init.seed}:`, error)
      return false
    }
    const handles = Object.values(openHandles()).reduce((sum, count) => sum + count, 0)
    samples.push({ ...samples.pop()!, memoryBytes: heldBytes(), handles })
    printSample(samples.at(-1)!)
  }
  const growth = growthIn(samples)
  if (growth) console.error(`It is not flat: ${growth}`)
  return growth === undefined
}
