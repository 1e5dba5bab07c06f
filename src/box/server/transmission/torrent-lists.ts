import { pieceRange } from '../../../core/index.ts'
import type { PeerStats, TrackerStats } from '../../../swarm/index.ts'
import { heldBytes } from '../../shelf/file-progress.ts'
import { levels, priorityOf, type RealFile, realFiles } from './real-files.ts'
import type { TorrentField } from './torrent-fields.ts'
import type { TorrentView } from './torrent-view.ts'

/** Makes a list with one entry a file. */
function ofFiles(entry: (real: RealFile, view: TorrentView) => unknown): TorrentField {
  return view => realFiles(view.metainfo).map(real => entry(real, view))
}

const levelOf = ({ index }: RealFile, { item }: TorrentView) =>
  item.entry.priorities.get(index) ?? levels.normal
const completedOf = ({ index }: RealFile, { item, metainfo }: TorrentView) =>
  heldBytes(metainfo!, index, item.transfer?.held)

/** Fields that hold objects, or a value a file or piece, by the names of 4.1: clients of before have other names in them too. */
export const torrentLists: Readonly<Record<string, TorrentField>> = {
  availability: ({ item, stats }) => {
    const held = item.transfer?.held
    // Of the pieces of peers that are no seeds the engine does not tell.
    return Array.from({ length: held?.length ?? 0 }, (_, piece) =>
      held!.has(piece) ? -1 : (stats?.seeds ?? 0),
    )
  },
  bytes_completed: ofFiles(completedOf),
  files: ofFiles((real, view) => {
    const [begin, end] = pieceRange(real.file, view.metainfo!.pieceLength)
    return {
      bytes_completed: completedOf(real, view),
      length: real.file.sizeBytes,
      name: real.file.path,
      begin_piece: begin,
      end_piece: end,
    }
  }),
  file_stats: ofFiles((real, view) => ({
    bytes_completed: completedOf(real, view),
    wanted: levelOf(real, view) > 0,
    priority: priorityOf(levelOf(real, view)),
  })),
  peers: ({ peers }) => peers.map(peerEntry),
  peers_from: ({ peers }) => {
    const from = (source: PeerStats['source']) => peers.filter(peer => peer.source === source).length
    return {
      from_cache: from('manual'),
      from_dht: from('dht'),
      from_incoming: from('incoming'),
      from_lpd: from('lsd'),
      from_ltep: 0,
      from_pex: from('pex'),
      from_tracker: from('tracker'),
    }
  },
  priorities: ofFiles((real, view) => priorityOf(levelOf(real, view))),
  trackers: ({ trackers }) => trackers.map((tracker, id) => trackerEntry(tracker, id)),
  tracker_stats: ({ trackers }) =>
    trackers.map((tracker, id) => ({ ...trackerEntry(tracker, id), ...statsEntry(tracker) })),
  // Until version 5 of Transmission this one is 0 or 1, in both forms.
  wanted: ofFiles((real, view) => Number(levelOf(real, view) > 0)),
  webseeds_ex: ({ metainfo, peers }) =>
    (metainfo?.webSeeds ?? []).map(url => {
      const rate =
        peers.find(peer => peer.source === 'web seed' && peer.address === url)?.downloadBytesPerSecond ?? 0
      return { url, is_downloading: rate > 0, download_bytes_per_second: Math.round(rate) }
    }),
}

function peerEntry(peer: PeerStats): object {
  const [, bracketed, bare, port] = /^(?:\[(.+)\]|(.*)):(\d+)$/.exec(peer.address) ?? []
  const has = (letters: RegExp) => letters.test(peer.flags)
  return {
    address: bracketed ?? bare ?? peer.address,
    client_is_choked: has(/d/),
    client_is_interested: has(/[dD]/),
    client_name: peer.client ?? '',
    flag_str: flagsOf(peer),
    is_downloading_from: has(/D/),
    is_encrypted: has(/[Ee]/),
    is_incoming: has(/I/),
    is_uploading_to: has(/U/),
    is_utp: false,
    peer_is_choked: has(/u/),
    peer_is_interested: has(/[uU]/),
    port: Number(port ?? 0),
    progress: peer.progress,
    bytes_to_client: peer.downloadedBytes,
    bytes_to_peer: peer.uploadedBytes,
    rate_to_client: Math.round(peer.downloadBytesPerSecond),
    rate_to_peer: Math.round(peer.uploadBytesPerSecond),
  }
}

/** The letters that Transmission has for the same, and those it has beside them. */
function flagsOf({ flags, source }: PeerStats): string {
  const found = source === 'dht' ? 'H' : source === 'pex' ? 'X' : ''
  return [...new Set(flags.replace(/e/g, 'E').replace(/[^DdUuOK?IE]/g, '') + found)].join('')
}

function trackerEntry({ url }: TrackerStats, id: number): object {
  const { hostname = '', host = '' } = URL.parse(url) ?? {}
  const parts = hostname.split('.')
  return {
    announce: url,
    id,
    scrape: '',
    // All are asked at once: each is a tier of its own.
    tier: id,
    host,
    sitename: parts.length > 1 ? parts.at(-2) : hostname,
  }
}

/** When it was asked is not kept. */
function statsEntry({ status, message, seeds, leeches }: TrackerStats): object {
  const [waiting, active] = [1, 3]
  const hasAnswered = status === 'working' || status === 'failed'
  return {
    announce_state: status === 'waiting' ? active : status === 'refused' ? 0 : waiting,
    download_count: -1,
    downloader_count: -1,
    has_announced: hasAnswered,
    has_scraped: seeds !== undefined,
    is_backup: false,
    last_announce_peer_count: (seeds ?? 0) + (leeches ?? 0),
    last_announce_result: status === 'working' ? 'Success' : (message ?? ''),
    last_announce_start_time: 0,
    last_announce_succeeded: status === 'working',
    last_announce_time: 0,
    last_announce_timed_out: false,
    last_scrape_result: '',
    last_scrape_start_time: 0,
    last_scrape_succeeded: seeds !== undefined,
    last_scrape_time: 0,
    last_scrape_timed_out: false,
    leecher_count: leeches ?? -1,
    next_announce_time: 0,
    next_scrape_time: 0,
    scrape_state: 0,
    seeder_count: seeds ?? -1,
  }
}
