import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const ticksPerSecond = 100
const sampleEveryMs = 25

/** CPU time that a process has used so far, in all its threads, by user and system. Linux only. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Memory of a process that is its own: mapped files are the page cache's, whoever maps them. Linux only. */
export function ownMemoryBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
  return 1024 * (kilobytes('RssAnon') + kilobytes('RssShmem'))
}

export interface Usage {
  readonly cpuSeconds: number
  readonly peakMemoryBytes: number
}

/** Watches a running process until `end`, which tells what it used since. */
export function watchUsage(pid: number): { end(): Usage } {
  const before = cpuSeconds(pid)
  let peak = ownMemoryBytes(pid)
  let used = 0
  const look = () => {
    try {
      peak = Math.max(peak, ownMemoryBytes(pid))
      used = cpuSeconds(pid) - before
    } catch {
      // It has ended by itself: what was seen last stands.
    }
  }
  const timer = setInterval(look, sampleEveryMs)
  return {
    end() {
      clearInterval(timer)
      look()
      return { cpuSeconds: used, peakMemoryBytes: peak }
    },
  }
}

export interface Rest {
  /** What a start leaves to be done, records on the disk and garbage say, is no rest yet. */
  readonly settleMs: number
  readonly forMs: number
}

/** Processor time that a process takes while nobody asks for anything, in hundredths of a core. */
export async function percentAtRest(pid: number, { settleMs, forMs }: Rest): Promise<number> {
  await delay(settleMs)
  const before = cpuSeconds(pid)
  await delay(forMs)
  return (100_000 * (cpuSeconds(pid) - before)) / forMs
}
