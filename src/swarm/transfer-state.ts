/**
 * - `finding`: waiting for the metadata from peers
 * - `checking`: looking at what is on disk already
 * - `downloading`: fetching the wanted pieces, serving what is held
 * - `seeding`: every wanted piece is held and served
 * - `paused`: writing is not possible now (disk full, no permission); goes on by itself
 * - `missing`: a file is gone or changed; nothing is served until it is back as it was
 * - `failed`: ended by a fault, `stopped`: ended on request; both for good
 */
export type TransferState =
  | 'finding'
  | 'checking'
  | 'downloading'
  | 'seeding'
  | 'paused'
  | 'missing'
  | 'failed'
  | 'stopped'

const next: Record<TransferState, readonly TransferState[]> = {
  finding: ['checking', 'failed', 'stopped'],
  checking: ['downloading', 'seeding', 'failed', 'stopped'],
  downloading: ['seeding', 'paused', 'missing', 'failed', 'stopped'],
  seeding: ['missing', 'failed', 'stopped'],
  paused: ['downloading', 'seeding', 'missing', 'failed', 'stopped'],
  missing: ['downloading', 'seeding', 'failed', 'stopped'],
  failed: ['stopped'],
  stopped: [],
}

/** Whether a transfer may go from one state to another. */
export function canFollow(from: TransferState, to: TransferState): boolean {
  return next[from].includes(to)
}
