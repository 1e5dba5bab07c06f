import type { TransferRow } from '../database/transfer-row.ts'
import type { Entry, EntryChange, EntryMaterial } from './entry.ts'

/** A row without what a transfer is begun with. */
export type KeptRow = Omit<TransferRow, 'torrent' | 'sources'>

/** An entry as the database has it. */
export function readRow(row: KeptRow): Entry {
  return {
    id: row.id,
    infoHash: row.info_hash,
    name: row.name,
    source: { kind: row.kind, magnet: row.magnet, folder: row.folder, path: row.path },
    origin: row.origin,
    labels: JSON.parse(row.labels),
    addedAt: row.added_at,
    doneAt: row.done_at ?? undefined,
    isPaused: row.is_paused === 1,
    queuePlace: row.queue_place,
    limits: { upload: row.upload_limit ?? undefined, download: row.download_limit ?? undefined },
    goals: { ratio: row.ratio_goal ?? undefined, seedMs: row.seed_ms_goal ?? undefined },
    priorities: new Map(row.priorities === '' ? [] : JSON.parse(row.priorities)),
    peers: row.peers === '' ? nobody : JSON.parse(row.peers),
    before: { uploaded: row.uploaded, downloaded: row.downloaded, seedingMs: row.seeding_ms },
  }
}

// Shared, because there may be many thousands that have none.
const nobody: readonly string[] = []

/** The columns that a change is written to. */
export function rowOf(change: EntryChange): Partial<Omit<TransferRow, 'id'>> {
  const { name, labels, doneAt, isPaused, queuePlace, limits, goals, priorities, peers, before, source } =
    change
  return {
    ...(name === undefined ? {} : { name }),
    ...(labels && { labels: JSON.stringify(labels) }),
    ...(doneAt === undefined ? {} : { done_at: doneAt }),
    ...(isPaused === undefined ? {} : { is_paused: isPaused ? 1 : 0 }),
    ...(queuePlace === undefined ? {} : { queue_place: queuePlace }),
    ...(limits && { upload_limit: limits.upload ?? null, download_limit: limits.download ?? null }),
    ...(goals && { ratio_goal: goals.ratio ?? null, seed_ms_goal: goals.seedMs ?? null }),
    ...(priorities && { priorities: priorities.size === 0 ? '' : JSON.stringify([...priorities]) }),
    ...(peers && peersColumn(peers)),
    ...(before && {
      uploaded: before.uploaded,
      downloaded: before.downloaded,
      seeding_ms: Math.round(before.seedingMs),
    }),
    ...source,
  }
}

export function peersColumn(peers: readonly string[]): Pick<TransferRow, 'peers'> {
  return { peers: peers.length === 0 ? '' : JSON.stringify(peers) }
}

export function readMaterial({ torrent, sources }: Pick<TransferRow, 'torrent' | 'sources'>): EntryMaterial {
  return { torrent: torrent ?? undefined, files: sources === '' ? [] : JSON.parse(sources) }
}

export function materialColumns({ torrent, files }: EntryMaterial): Pick<TransferRow, 'torrent' | 'sources'> {
  return { torrent: torrent ?? null, sources: files.length === 0 ? '' : JSON.stringify(files) }
}
