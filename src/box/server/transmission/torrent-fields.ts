import { goalMode } from './goal-wish.ts'
import { realFiles } from './real-files.ts'
import { errorOf, statusOf } from './torrent-status.ts'
import type { TorrentView } from './torrent-view.ts'

/** Works out what a client asks of a transfer. */
export type TorrentField = (view: TorrentView) => unknown

const kiloByte = 1_000
/** Transmission's "cannot be told". */
const [notAvailable, unknown] = [-1, -2]

const seconds = (ms: number | undefined) => (ms === undefined ? 0 : Math.floor(ms / 1000))
const minutes = (ms: number | undefined) => (ms === undefined ? 0 : Math.round(ms / 60_000))
const share = (part: number, whole: number) => (whole > 0 ? Math.min(1, part / whole) : 0)

/** Fields that are one value, or a list of values, by the names of 4.1. */
export const torrentFields: Readonly<Record<string, TorrentField>> = {
  activity_date: ({ item, viewing }) => seconds(viewing.activity.lastOf(item)),
  added_date: ({ item }) => seconds(item.entry.addedAt),
  bandwidth_priority: () => 0,
  comment: ({ metainfo }) => metainfo?.comment ?? '',
  corrupt_ever: ({ stats }) => stats?.wastedBytes ?? 0,
  creator: ({ metainfo }) => metainfo?.createdBy ?? '',
  date_created: ({ metainfo }) => seconds(metainfo?.createdAt?.getTime()),
  desired_available: ({ leftBytes, sizeBytes, peers }) => {
    const most = peers.reduce((best, { progress }) => Math.max(best, progress), 0)
    return Math.max(0, Math.min(leftBytes, Math.round(most * sizeBytes) - (sizeBytes - leftBytes)))
  },
  done_date: ({ item }) => seconds(item.entry.doneAt),
  download_dir: ({ folder }) => folder,
  download_limit: ({ item }) => Math.round((item.entry.limits.download ?? 0) / kiloByte),
  download_limited: ({ item }) => item.entry.limits.download !== undefined,
  downloaded_ever: ({ downloadedBytes }) => downloadedBytes,
  edit_date: () => 0,
  error: view => errorOf(view).error,
  error_string: view => errorOf(view).text,
  eta: ({ stats, leftBytes }) => {
    if (stats?.etaMs !== undefined) return Math.round(stats.etaMs / 1000)
    return leftBytes > 0 ? unknown : notAvailable
  },
  eta_idle: () => notAvailable,
  file_count: ({ metainfo }) => realFiles(metainfo).length,
  group: () => '',
  hash_string: ({ item }) => item.infoHash,
  have_unchecked: () => 0,
  have_valid: ({ stats }) => stats?.haveBytes ?? 0,
  honors_session_limits: () => true,
  id: ({ item }) => item.id,
  is_finished: ({ item }) => item.state === 'resting',
  is_folder: ({ metainfo }) => metainfo?.isAlbum ?? false,
  is_private: ({ metainfo }) => metainfo?.isPrivate ?? false,
  is_stalled: ({ stats }) => stats?.trouble !== undefined,
  labels: ({ item }) => item.entry.labels,
  left_until_done: ({ leftBytes }) => leftBytes,
  magnet_link: ({ item }) => item.transfer?.magnetLink ?? item.entry.source.magnet,
  manual_announce_time: () => notAvailable,
  max_connected_peers: ({ viewing }) => viewing.maxPeers,
  metadata_percent_complete: ({ metainfo }) => (metainfo ? 1 : 0),
  name: ({ item }) => item.name,
  peer_limit: ({ viewing }) => viewing.maxPeers,
  peers_connected: ({ stats }) => stats?.peers ?? 0,
  peers_getting_from_us: ({ peers }) => peers.filter(peer => peer.uploadBytesPerSecond > 0).length,
  peers_sending_to_us: ({ peers }) =>
    peers.filter(peer => peer.downloadBytesPerSecond > 0 && peer.source !== 'web seed').length,
  percent_complete: ({ stats, metainfo }) => share(stats?.haveBytes ?? 0, metainfo?.sizeBytes ?? 0),
  percent_done: percentDone,
  piece_count: ({ metainfo }) => metainfo?.pieceCount ?? 0,
  piece_size: ({ metainfo }) => metainfo?.pieceLength ?? 0,
  pieces: ({ item }) => Buffer.from(item.transfer?.held?.bytes ?? []).toString('base64'),
  // What it is for sure only a look into the files would tell.
  primary_mime_type: () => 'application/octet-stream',
  queue_position: ({ item, viewing }) => viewing.queuePosition(item),
  rate_download: ({ stats }) => Math.round(stats?.downloadBytesPerSecond ?? 0),
  rate_upload: ({ stats }) => Math.round(stats?.uploadBytesPerSecond ?? 0),
  recheck_progress: () => 0,
  seconds_downloading: ({ item }) => seconds((item.entry.doneAt ?? Date.now()) - item.entry.addedAt),
  seconds_seeding: ({ item, viewing }) => seconds(item.totals(viewing.nowMs).seedingMs),
  seed_idle_limit: ({ item }) => minutes(item.entry.goals.seedMs),
  seed_idle_mode: ({ item }) => goalMode(item.entry.goals.seedMs),
  seed_ratio_limit: ({ item }) => item.entry.goals.ratio ?? 0,
  seed_ratio_mode: ({ item }) => goalMode(item.entry.goals.ratio),
  sequential_download: () => false,
  sequential_download_from_piece: () => 0,
  size_when_done: ({ sizeBytes }) => sizeBytes,
  start_date: ({ item }) => seconds(item.entry.addedAt),
  status: statusOf,
  torrent_file: () => '',
  total_size: ({ metainfo }) => metainfo?.sizeBytes ?? 0,
  tracker_list: ({ trackers }) => trackers.map(({ url }) => url).join('\n\n'),
  upload_limit: ({ item }) => Math.round((item.entry.limits.upload ?? 0) / kiloByte),
  upload_limited: ({ item }) => item.entry.limits.upload !== undefined,
  upload_ratio: ({ uploadedBytes, sizeBytes }) => (sizeBytes > 0 ? uploadedBytes / sizeBytes : notAvailable),
  uploaded_ever: ({ uploadedBytes }) => uploadedBytes,
  webseeds: ({ metainfo }) => metainfo?.webSeeds ?? [],
  webseeds_sending_to_us: ({ peers }) =>
    peers.filter(peer => peer.source === 'web seed' && peer.downloadBytesPerSecond > 0).length,
}

function percentDone({ item, stats, metainfo, sizeBytes }: TorrentView): number {
  if (!stats) return item.isDone ? 1 : 0
  // With nothing wanted nothing is missing.
  return metainfo && sizeBytes === 0 ? 1 : share(stats.haveBytes, sizeBytes)
}
