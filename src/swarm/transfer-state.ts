/**
 * - `finding`: waiting for the metadata from peers
 * - `checking`: looking at what is on disk already, or moving it
 * - `downloading`: fetching the wanted pieces, serving what is held
 * - `seeding`: every wanted piece is held and served
 * - `paused`: on request, until it is resumed; or with a reason, because writing is not possible now (disk full, no
 *   permission), which goes on by itself
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
  finding: ['checking', 'paused', 'failed', 'stopped'],
  checking: ['downloading', 'seeding', 'paused', 'missing', 'failed', 'stopped'],
  downloading: ['seeding', 'checking', 'paused', 'missing', 'failed', 'stopped'],
  seeding: ['downloading', 'checking', 'paused', 'missing', 'failed', 'stopped'],
  paused: ['finding', 'checking', 'downloading', 'seeding', 'missing', 'failed', 'stopped'],
  missing: ['downloading', 'seeding', 'checking', 'paused', 'failed', 'stopped'],
  failed: ['stopped'],
  stopped: [],
}

/** Whether a transfer may go from one state to another. */
export function canFollow(from: TransferState, to: TransferState): boolean {
  return next[from].includes(to)
}
