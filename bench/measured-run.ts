import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cpuSeconds } from './process-usage.ts'

const sampleEveryMs = 5

/** What a program took from its start to its end, start-up included. */
export interface MeasuredRun {
  readonly wallSeconds: number
  readonly cpuSeconds: number
  /** All memory resident at once at most, mapped files and the program itself included. */
  readonly peakMemoryBytes: number
}

/** Runs a program to its end. Linux only. */
export async function measureRun(command: string, parameters: readonly string[]): Promise<MeasuredRun> {
  const begun = performance.now()
  const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'inherit'] })
  const exited = once(child, 'exit')
  let usedSeconds = 0
  let peakMemoryBytes = 0
  const look = () => {
    try {
      peakMemoryBytes = Math.max(peakMemoryBytes, peakResidentBytes(child.pid!))
      usedSeconds = cpuSeconds(child.pid!)
    } catch {
      // It has just ended: what was seen last stands.
    }
  }
  const timer = setInterval(look, sampleEveryMs)
  const [code, signal] = await exited
  const wallSeconds = (performance.now() - begun) / 1000
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}`)
  return { wallSeconds, cpuSeconds: usedSeconds, peakMemoryBytes }
}

/** The kernel's own high-water mark, which a sample between two peaks cannot miss. */
function peakResidentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
}
