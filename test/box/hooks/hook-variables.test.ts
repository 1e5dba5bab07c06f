import test from 'ava'
import { hookEnvironment } from '../../../src/box/hooks/hook-environment.ts'
import { hookVariables } from '../../../src/box/hooks/hook-variables.ts'
import { makeItem } from '../../kit/box-item.ts'

process.env.TZ = 'UTC'

test('a program is told of a transfer by our names and by those of Transmission', t => {
  const item = makeItem(
    { id: 7, name: 'lions', labels: ['zoo', 'film'], before: { uploaded: 0, downloaded: 100, seedingMs: 0 } },
    {
      path: '/downloads/lions',
      magnetLink: 'magnet:?xt=urn:btih:00&dn=lions',
      stats: { sizeBytes: 5_000, downloadedBytes: 23 },
      trackers: ['http://t.example.org:80/announce', 'udp://u.example.org:80', 'udp://u.example.org:81', '?'],
    },
  )
  const { TR_APP_VERSION, ...variables } = hookVariables('done', item, new Date('2026-11-03T02:33:53Z'))
  t.regex(TR_APP_VERSION!, /^\d+\.\d+\.\d+/)
  t.deepEqual(variables, {
    P2PSHARE_EVENT: 'done',
    P2PSHARE_ID: '7',
    P2PSHARE_NAME: 'lions',
    P2PSHARE_INFO_HASH: item.infoHash,
    P2PSHARE_PATH: '/downloads/lions',
    P2PSHARE_SIZE: '5000',
    P2PSHARE_MAGNET: 'magnet:?xt=urn:btih:00&dn=lions',
    P2PSHARE_LABELS: 'zoo,film',
    P2PSHARE_ORIGIN: 'api',
    TR_TIME_LOCALTIME: 'Tue Nov  3 02:33:53 2026',
    TR_TORRENT_BYTES_DOWNLOADED: '123',
    TR_TORRENT_DIR: '/downloads',
    TR_TORRENT_HASH: item.infoHash,
    TR_TORRENT_ID: '7',
    TR_TORRENT_LABELS: 'zoo,film',
    TR_TORRENT_NAME: 'lions',
    TR_TORRENT_TRACKERS: 't.example.org,u.example.org',
  })
})

test('what is not known yet of a magnet link is empty, but for the folder', t => {
  const variables = hookVariables('added', makeItem(), new Date())
  t.is(variables.P2PSHARE_PATH, '')
  t.is(variables.TR_TORRENT_DIR, '/downloads')
  t.is(variables.P2PSHARE_MAGNET, 'magnet:?xt=urn:btih:0011')
})

test('a program finds the environment of the box, without the settings and secrets of p2pshare and what systemd told the box', t => {
  const found = hookEnvironment({
    PATH: '/bin',
    MAIL_KEY: 'theirs',
    P2PSHARE_HOME: '/home',
    P2PSHARE_TOKEN: 'secret',
    P2PSHARE_PASSPHRASE: 'secret',
    P2PSHARE_NO_DHT: '1',
    NOTIFY_SOCKET: '/run/user/1000/systemd/notify',
    LISTEN_FDS: '1',
    LISTEN_PID: '7',
    LISTEN_FDNAMES: 'web',
    WATCHDOG_USEC: '1000',
    WATCHDOG_PID: '7',
    JOURNAL_STREAM: '8:1',
    INVOCATION_ID: 'ab',
    SYSTEMD_EXEC_PID: '7',
    LISTENER: 'theirs',
  })
  t.deepEqual(found, { PATH: '/bin', MAIL_KEY: 'theirs', P2PSHARE_HOME: '/home', LISTENER: 'theirs' })
})
