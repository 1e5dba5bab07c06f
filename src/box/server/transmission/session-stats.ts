import type { Shelf } from '../../shelf/shelf.ts'

/** Sums over all transfers. Those that were removed do not count any more. */
export function sessionStats(shelf: Shelf, uptimeSeconds: number): object {
  const items = shelf.items()
  let [paused, downloadSpeed, uploadSpeed] = [0, 0, 0]
  const [now, ever] = [
    { uploaded_bytes: 0, downloaded_bytes: 0 },
    { uploaded_bytes: 0, downloaded_bytes: 0 },
  ]
  for (const { entry, hold, transfer } of items) {
    if (hold === 'paused' || hold === 'resting' || !transfer) paused++
    const stats = transfer?.stats()
    downloadSpeed += stats?.downloadBytesPerSecond ?? 0
    uploadSpeed += stats?.uploadBytesPerSecond ?? 0
    now.downloaded_bytes += stats?.downloadedBytes ?? 0
    now.uploaded_bytes += stats?.uploadedBytes ?? 0
    ever.downloaded_bytes += entry.before.downloaded + (stats?.downloadedBytes ?? 0)
    ever.uploaded_bytes += entry.before.uploaded + (stats?.uploadedBytes ?? 0)
  }
  const rest = { files_added: items.length, seconds_active: uptimeSeconds, session_count: 1 }
  return {
    active_torrent_count: items.length - paused,
    unpaused_torrent_count: items.length - paused,
    paused_torrent_count: paused,
    torrent_count: items.length,
    download_speed: Math.round(downloadSpeed),
    upload_speed: Math.round(uploadSpeed),
    current_stats: { ...now, ...rest },
    cumulative_stats: { ...ever, ...rest },
  }
}
