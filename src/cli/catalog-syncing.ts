import type { Command } from 'commander'
import type { Catalog, CatalogInfo, SyncOptions, SyncProgress } from '../catalog/index.ts'
import type { Swarm } from '../swarm/index.ts'
import { nameOf, tellSynced } from './catalog-facts.ts'
import type { Env } from './env.ts'
import { formatCount, formatDuration, formatRate, formatSize } from './format.ts'
import { duration, option, repeatable } from './options.ts'
import type { Printer } from './printer.ts'
import { type Status, StatusLine } from './status-line.ts'

/** How `catalog add` and `catalog sync` fetch. */
export interface SyncingFlags {
  peer?: string[]
  timeout?: number
  watch?: boolean
}

export function defineSyncing(command: Command): void {
  command
    .addOption(repeatable('--peer <host:port>', 'try this peer'))
    .addOption(duration('--timeout <duration>', 'give up when nothing arrives for so long'))
    .addOption(option('--watch', 'stay up: look for what is new and seed the catalogs, until Ctrl-C'))
}

/** Runs a piece of fetching with its progress on stderr. */
export async function showSyncing<T>(
  name: string,
  flags: SyncingFlags,
  env: Env,
  printer: Printer,
  work: (options: SyncOptions) => Promise<T>,
): Promise<T> {
  const status = await StatusLine.open(env, printer)
  const onProgress = (progress: SyncProgress) => status.update(describeSyncing(name, progress))
  try {
    return await work({ peers: flags.peer, timeoutMs: flags.timeout, onProgress, signal: env.signal })
  } finally {
    status.close()
  }
}

/**
 * Keeps every catalog of the home up until interrupted: seeds them, puts their pointers, takes what is new.
 *
 * @throws the reason of `env.signal` once it aborts
 */
export async function watchCatalogs(
  catalog: Catalog,
  swarm: Swarm,
  env: Env,
  printer: Printer,
): Promise<never> {
  const status = await StatusLine.open(env, printer)
  const keeping = keepCatalogs(catalog, env.signal, printer)
  const startMs = env.clock.monotonicMs()
  try {
    for (;;) {
      const { transfers, peers, uploadBytesPerSecond } = swarm.stats()
      status.update({
        label: `Keeping ${formatCount(transfers, 'catalog')} up:`,
        details: `${formatCount(peers, 'peer')}, ${formatRate(uploadBytesPerSecond)} up`,
        aside: ` (${formatDuration(env.clock.monotonicMs() - startMs)})`,
      })
      await env.clock.wait(status.intervalMs, env.signal)
    }
  } finally {
    status.close()
    await keeping
  }
}

/** Keeps every catalog of the home up until aborted, saying what changes; never rejects. */
export async function keepCatalogs(catalog: Catalog, signal: AbortSignal, printer: Printer): Promise<void> {
  const told = new Map<number, string>()
  const tell = (info: CatalogInfo, error: unknown) => {
    const problem = error instanceof Error ? error.message : String(error)
    if (told.get(info.number) === problem) return
    told.set(info.number, problem)
    printer.event('problem', { number: info.number, name: info.name, message: problem })
    printer.note(`${nameOf(info)} has to wait: ${problem}`)
  }
  await catalog.keepUp({
    signal,
    onSynced: result => {
      told.delete(result.catalog)
      if (result.isChanged)
        void catalog.find(String(result.catalog)).then(
          info => tellSynced(info, result, printer),
          () => {},
        )
    },
    onProblem: tell,
  })
}

function describeSyncing(name: string, progress: SyncProgress): Status {
  const label = `${name}:`
  switch (progress.phase) {
    case 'finding':
      return { label, details: 'looking for its newest version' }
    case 'fetching': {
      const { haveBytes, sizeBytes, peers } = progress
      const who = formatCount(peers, 'peer')
      if (sizeBytes === 0) return { label, details: `fetching, ${who}` }
      const how = `${formatSize(haveBytes)} of ${formatSize(sizeBytes)}, ${who}`
      return { label, part: haveBytes / sizeBytes, details: how }
    }
    case 'reading': {
      const { recordsDone, recordCount } = progress
      const part = recordCount > 0 ? recordsDone / recordCount : 1
      return { label, part, details: `${recordsDone} of ${formatCount(recordCount, 'listing')} verified` }
    }
  }
}
