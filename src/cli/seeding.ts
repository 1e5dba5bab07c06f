import type { Command } from 'commander'
import { P2pShareError } from '../core/index.ts'
import type { Transfer, TransferStats } from '../swarm/index.ts'
import type { Env } from './env.ts'
import { formatCount, formatDuration, formatRate, formatSize } from './format.ts'
import { duration, ratio } from './options.ts'
import type { Printer } from './printer.ts'
import { StatusLine } from './status-line.ts'
import { describeNames } from './transfer-names.ts'

const eventEveryMs = 10_000

/** When seeding is enough; without either it goes on until it is interrupted. */
export interface SeedingFlags {
  seedRatio?: number
  seedTime?: number
}

export function defineSeeding(command: Command): void {
  command
    .addOption(ratio('--seed-ratio <ratio>', 'stop once so many times the size was uploaded'))
    .addOption(duration('--seed-time <duration>', 'stop after seeding for so long, such as 2h30m'))
}

/**
 * Shows how the seeding goes until every transfer has had enough.
 *
 * @throws the reason of `env.signal` once it aborts, or why the last transfer failed
 */
export async function keepSeeding(
  transfers: readonly Transfer[],
  flags: SeedingFlags,
  env: Env,
  printer: Printer,
): Promise<void> {
  const status = await StatusLine.open(env, printer)
  const startMs = env.clock.monotonicMs()
  let told = { text: '', atMs: startMs - eventEveryMs }
  try {
    for (;;) {
      const nowMs = env.clock.monotonicMs()
      const stats = transfers.map(transfer => transfer.stats())
      const failed = stats.filter(({ state }) => state === 'failed')
      if (failed.length === stats.length)
        throw failed[0]?.reason ?? new P2pShareError('ERR_STOPPED', 'Nothing is shared any more')
      if (isEnough(stats, flags, nowMs - startMs)) return
      const total = sumUp(stats)
      status.update({
        label: `Seeding ${describeNames(transfers)}:`,
        details: describe(total),
        aside: ` (${formatDuration(nowMs - startMs)})`,
      })
      const text = JSON.stringify(total)
      if (text !== told.text && nowMs - told.atMs >= eventEveryMs) {
        printer.event('stats', total)
        told = { text, atMs: nowMs }
      }
      await env.clock.wait(status.intervalMs, env.signal)
    }
  } finally {
    status.close()
    const total = sumUp(transfers.map(transfer => transfer.stats()))
    printer.event('stopped', total)
    printer.note(`Stopping: ${formatSize(total.uploadedBytes)} uploaded, ratio ${total.ratio.toFixed(2)}`)
  }
}

function isEnough(stats: readonly TransferStats[], flags: SeedingFlags, seededMs: number): boolean {
  if (flags.seedTime !== undefined && seededMs >= flags.seedTime) return true
  const wanted = flags.seedRatio
  return wanted !== undefined && stats.every(({ ratio }) => ratio >= wanted)
}

interface Total extends Record<string, number> {
  peers: number
  uploadBytesPerSecond: number
  uploadedBytes: number
  downloadedBytes: number
  ratio: number
}

function sumUp(stats: readonly TransferStats[]): Total {
  const sum = (pick: (one: TransferStats) => number) => stats.reduce((total, one) => total + pick(one), 0)
  const sizeBytes = sum(one => one.sizeBytes)
  const uploadedBytes = sum(one => one.uploadedBytes)
  return {
    peers: sum(one => one.peers),
    uploadBytesPerSecond: Math.round(sum(one => one.uploadBytesPerSecond)),
    uploadedBytes,
    downloadedBytes: sum(one => one.downloadedBytes),
    ratio: sizeBytes > 0 ? Number((uploadedBytes / sizeBytes).toFixed(3)) : 0,
  }
}

function describe(total: Total): string {
  const parts = [
    formatCount(total.peers, 'peer'),
    `${formatRate(total.uploadBytesPerSecond)} up`,
    `${formatSize(total.uploadedBytes)} uploaded`,
    `ratio ${total.ratio.toFixed(2)}`,
  ]
  return parts.join(', ')
}
