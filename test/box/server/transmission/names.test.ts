import test from 'ava'
import { modernName, withLegacyNames } from '../../../../src/box/server/transmission/names.ts'

test('a name is the same however it is written', t => {
  const names = {
    hash_string: ['hashString', 'hash_string', 'hash-string'],
    peer_limit: ['peer-limit', 'peerLimit'],
    is_utp: ['isUTP', 'is_utp'],
    file_count: ['file-count', 'fileCount'],
    torrent_get: ['torrent-get', 'torrent_get'],
    speed_limit_down_enabled: ['speed-limit-down-enabled'],
    peers_getting_from_us: ['peersGettingFromUs'],
    cache_size_mib: ['cache-size-mb', 'cache_size_mib'],
  }
  for (const [name, written] of Object.entries(names)) for (const one of written) t.is(modernName(one), name)
})

test('clients of before find their own names, in lists and objects too', t => {
  t.deepEqual(withLegacyNames([{ bytes_completed: 1, is_utp: false, begin_piece: 2 }], 'camel'), [
    { bytesCompleted: 1, isUTP: false, begin_piece: 2 },
  ])
  t.deepEqual(
    withLegacyNames({ seed_ratio_limit: 1, speed_limit_up: 2, units: { size_bytes: 1000 } }, 'kebab'),
    { seedRatioLimit: 1, 'speed-limit-up': 2, units: { 'size-bytes': 1000 } },
  )
  t.deepEqual(withLegacyNames({ current_stats: { uploaded_bytes: 1 } }, 'camel'), {
    'current-stats': { uploadedBytes: 1 },
  })
})
