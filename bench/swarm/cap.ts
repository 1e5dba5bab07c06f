import { setTimeout as delay } from 'node:timers/promises'

const lookEveryMs = 100
/** What is built up before the first second is over is the start, and not the rate. */
const startMs = 1_000

/** What left a seed over time: bytes per second, as a share of its cap. */
export interface CapUse {
  /** From the end of the first second until somebody has all. */
  readonly mean: number
  /** The most in any whole second after the first. */
  readonly highest: number
}

interface Look {
  readonly atMs: number
  readonly bytes: number
}

/** Looks at what a seed has sent until `end`; `closeMean` says that from now on less may be asked of it than it could give. */
export function watchCap(sentBytes: () => Promise<number>, capBytesPerSecond: number) {
  const looks: Look[] = []
  let isOver = false
  let meanEnds: number | undefined
  const watching = (async () => {
    const begun = performance.now()
    while (!isOver) {
      const bytes = await sentBytes()
      looks.push({ atMs: performance.now() - begun, bytes })
      await delay(lookEveryMs)
    }
  })()
  // Told by `end`, which waits for it.
  watching.catch(() => {})
  return {
    closeMean(): void {
      meanEnds ??= looks.length
    },
    async end(): Promise<CapUse> {
      isOver = true
      await watching
      const steady = looks.filter(({ atMs }) => atMs >= startMs)
      const first = steady[0]
      const last = looks[Math.min(meanEnds ?? looks.length, looks.length) - 1]
      if (!first || !last || last.atMs <= first.atMs) return { mean: Number.NaN, highest: Number.NaN }
      const share = (from: Look, to: Look) =>
        (1000 * (to.bytes - from.bytes)) / (to.atMs - from.atMs) / capBytesPerSecond
      let highest = 0
      let behind = 0
      for (const look of steady) {
        while (look.atMs - (steady[behind + 1]?.atMs ?? Infinity) >= 1_000) behind++
        const from = steady[behind]!
        if (look.atMs - from.atMs >= 1_000) highest = Math.max(highest, share(from, look))
      }
      return { mean: share(first, last), highest }
    },
  }
}
