import { P2pShareError } from '../core/index.ts'
import type { Transfer, TransferStats } from '../swarm/index.ts'
import type { Env } from './env.ts'
import { formatCount, formatDuration, formatRate, formatSize } from './format.ts'
import { explainNoPeers } from './no-peers.ts'
import type { Printer } from './printer.ts'
import { type Status, StatusLine } from './status-line.ts'
import { formatFacts } from './table.ts'
import { describeName, describeNames } from './transfer-names.ts'
import { tellTroubles } from './trouble-notes.ts'

const explainAfterMs = 10_000
const eventEveryMs = 1_000
/** Less than a block in all that time is talk, not content. */
const blockBytes = 16_384

/** One transfer as it is followed to its end. */
interface Fetch {
  readonly transfer: Transfer
  end: 'reached' | { error: unknown } | undefined
  /** When a peer was last there, or something else went on. */
  peerMs: number
  /** When bytes or the metadata last came. */
  movedMs: number
  movedBytes: number
  isExplained: boolean
  eventMs: number
}

/**
 * Shows how transfers come along until all of them are as far as wanted, and says why where nobody has them.
 *
 * @param goal what each is waited for: its metadata, or that it is finished
 * @param timeoutMs gives up on a transfer that received nothing for so long
 * @throws {P2pShareError} `ERR_NO_PEERS`, `ERR_TIMEOUT` after `timeoutMs`, or why a transfer failed; the reason of
 *   `env.signal` once it aborts
 */
export async function watchFetching(
  transfers: readonly Transfer[],
  goal: (transfer: Transfer) => Promise<unknown>,
  timeoutMs: number | undefined,
  env: Env,
  printer: Printer,
): Promise<void> {
  const startMs = env.clock.monotonicMs()
  const goals = transfers.map(goal)
  const fetches = transfers.map((transfer, index) => follow(transfer, goals[index]!, startMs))
  const settled = Promise.allSettled(goals)
  const untell = transfers.map(transfer => tellTroubles(transfer, printer))
  const status = await StatusLine.open(env, printer)
  try {
    for (;;) {
      const nowMs = env.clock.monotonicMs()
      for (const fetch of fetches) await look(fetch, nowMs, timeoutMs, env, printer)
      const going = fetches.filter(({ end }) => end === undefined)
      if (going.length === 0) break
      status.update(describe(going.map(({ transfer }) => transfer)))
      await Promise.race([settled, env.clock.wait(status.intervalMs, env.signal)])
    }
  } finally {
    status.close()
    for (const end of untell) end()
  }
  for (const { end } of fetches) if (typeof end === 'object') throw end.error
}

function follow(transfer: Transfer, goal: Promise<unknown>, nowMs: number): Fetch {
  const fetch: Fetch = {
    transfer,
    end: undefined,
    peerMs: nowMs,
    movedMs: nowMs,
    movedBytes: 0,
    isExplained: false,
    eventMs: nowMs,
  }
  goal.then(
    () => {
      fetch.end ??= 'reached'
    },
    (error: unknown) => {
      fetch.end ??= { error }
    },
  )
  return fetch
}

async function look(
  fetch: Fetch,
  nowMs: number,
  timeoutMs: number | undefined,
  env: Env,
  printer: Printer,
): Promise<void> {
  const { transfer } = fetch
  const stats = transfer.stats()
  if (fetch.end !== undefined) return
  const isWaiting = stats.state === 'finding' || stats.state === 'downloading'
  if (!isWaiting || stats.downloadedBytes - fetch.movedBytes >= blockBytes) {
    fetch.movedMs = nowMs
    fetch.movedBytes = stats.downloadedBytes
  }
  if (!isWaiting || stats.peers > 0) {
    fetch.peerMs = nowMs
    fetch.isExplained = false
  }
  if (nowMs - fetch.eventMs >= eventEveryMs) {
    fetch.eventMs = nowMs
    printer.event('progress', progressOf(transfer, stats))
  }
  const isLate = timeoutMs !== undefined && nowMs - fetch.movedMs >= timeoutMs
  const isLonely = nowMs - fetch.peerMs >= explainAfterMs || (isLate && stats.peers === 0)
  if (isLonely && !fetch.isExplained) {
    fetch.isExplained = true
    await explain(transfer, env, printer)
  }
  if (isLate) fetch.end = { error: lateError(transfer, stats, timeoutMs) }
}

async function explain(transfer: Transfer, env: Env, printer: Printer): Promise<void> {
  const channels = transfer.channels()
  printer.event('no-peers', { infoHash: transfer.infoHash, channels })
  if (printer.isJson) return
  const facts = await formatFacts(explainNoPeers(channels), env.stderr, env)
  printer.note(`Nobody who has ${describeName(transfer)} is there yet:\n${facts.replaceAll(/^/gm, '  ')}`)
}

function lateError(transfer: Transfer, { peers, trouble }: TransferStats, timeoutMs: number): P2pShareError {
  const time = formatDuration(timeoutMs)
  if (trouble === 'only-liars') {
    return new P2pShareError(
      'ERR_TIMEOUT',
      `Only peers that send data which fails its hash were found for ${transfer.name} within ${time}`,
    )
  }
  if (peers === 0)
    return new P2pShareError('ERR_NO_PEERS', `Nobody who has ${transfer.name} was found within ${time}`)
  const who = formatCount(peers, 'peer')
  return new P2pShareError('ERR_TIMEOUT', `${who} of ${transfer.name} sent nothing for ${time}`)
}

function progressOf({ infoHash }: Transfer, stats: TransferStats): Record<string, unknown> {
  const { state, haveBytes, sizeBytes, peers, seeds, etaMs, wastedBytes, bannedPeers, trouble } = stats
  return {
    infoHash,
    state,
    haveBytes,
    sizeBytes,
    downloadBytesPerSecond: Math.round(stats.downloadBytesPerSecond),
    uploadBytesPerSecond: Math.round(stats.uploadBytesPerSecond),
    peers,
    seeds,
    etaMs: etaMs === undefined ? undefined : Math.round(etaMs),
    wastedBytes,
    bannedPeers,
    trouble,
  }
}

function describe(transfers: readonly Transfer[]): Status {
  const stats = transfers.map(transfer => transfer.stats())
  const sum = (pick: (one: TransferStats) => number) => stats.reduce((total, one) => total + pick(one), 0)
  const peers = formatCount(
    sum(one => one.peers),
    'peer',
  )
  const sizeBytes = sum(one => one.sizeBytes)
  const name = describeNames(transfers)
  if (stats.every(({ state }) => state === 'finding'))
    return { label: `Looking for ${name}:`, details: peers }
  if (stats.some(({ state }) => state === 'checking'))
    return { label: `Checking ${name}:`, details: 'what is here already' }
  const haveBytes = sum(one => one.haveBytes)
  const speed = sum(one => one.downloadBytesPerSecond)
  const left =
    speed > 0 && sizeBytes > haveBytes
      ? `, ${formatDuration(((sizeBytes - haveBytes) / speed) * 1000)} left`
      : ''
  return {
    label: `${name}:`,
    part: sizeBytes > 0 ? haveBytes / sizeBytes : 1,
    details: `${formatSize(haveBytes)} of ${formatSize(sizeBytes)}, ${formatRate(speed)}, ${peers}${left}`,
  }
}
