import { dirname } from 'node:path'
import { packageVersion } from '../../core/index.ts'
import type { Item } from '../shelf/item.ts'

export type HookEvent = 'added' | 'done'
export type HookVariables = Readonly<Record<string, string>>

/** What a program of a hook is told of a transfer, by the names of ours and by those of Transmission's scripts. */
export function hookVariables(event: HookEvent, item: Item, now: Date): HookVariables {
  const { id, name, infoHash, entry, transfer, path = '' } = item
  const stats = transfer?.stats()
  const labels = entry.labels.join(',')
  return {
    P2PSHARE_EVENT: event,
    P2PSHARE_ID: String(id),
    P2PSHARE_NAME: name,
    P2PSHARE_INFO_HASH: infoHash,
    P2PSHARE_PATH: path,
    P2PSHARE_SIZE: String(stats?.sizeBytes ?? 0),
    P2PSHARE_MAGNET: transfer?.magnetLink ?? entry.source.magnet,
    P2PSHARE_LABELS: labels,
    P2PSHARE_ORIGIN: entry.origin,
    TR_APP_VERSION: packageVersion(),
    TR_TIME_LOCALTIME: localTime(now),
    TR_TORRENT_BYTES_DOWNLOADED: String(entry.before.downloaded + (stats?.downloadedBytes ?? 0)),
    TR_TORRENT_DIR: path === '' ? entry.source.folder : dirname(path),
    TR_TORRENT_HASH: infoHash,
    TR_TORRENT_ID: String(id),
    TR_TORRENT_LABELS: labels,
    TR_TORRENT_NAME: name,
    TR_TORRENT_TRACKERS: trackerHosts(transfer?.metainfo?.trackers.flat() ?? []),
  }
}

/** As C's `asctime` has it: `Mon Nov 30 02:33:53 2026`. */
function localTime(date: Date): string {
  const [weekday, month, day = '', year, time] = date.toString().split(' ')
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
}

function trackerHosts(urls: readonly string[]): string {
  const hosts = urls.map(url => (URL.canParse(url) ? new URL(url).hostname : '')).filter(Boolean)
  return [...new Set(hosts)].join(',')
}
