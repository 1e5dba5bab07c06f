import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const lookEveryMs = 10

/** Bytes in use after everything that nobody holds was thrown away. */
export function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let round = 0; round < 3; round++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Watches the memory of this process; `end` answers by how many bytes it grew at most. */
export function watchMemory(): { end(): number } {
  const before = heldBytes()
  let peak = before
  const look = () => {
    const { heapUsed, external } = process.memoryUsage()
    peak = Math.max(peak, heapUsed + external)
  }
  const timer = setInterval(look, lookEveryMs)
  return {
    end() {
      clearInterval(timer)
      look()
      return peak - before
    },
  }
}
