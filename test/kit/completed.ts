import { inspect } from 'node:util'
import type { Transfer } from '../../src/index.ts'

/** Waits until a transfer has all of its files. At the deadline it throws what the transfer knows of its peers. */
export async function completed(transfer: Transfer, timeoutMs = 120_000): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    await transfer.finished({ signal })
  } catch (error) {
    if (!signal.aborted) throw error
    const state = { stats: transfer.stats(), peers: transfer.peers(), channels: transfer.channels() }
    throw new Error(`Not complete after ${timeoutMs} ms: ${inspect(state, { depth: 5 })}`)
  }
}
