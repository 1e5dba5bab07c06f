import test from 'ava'
import { webTorrentEngine } from '../../../src/swarm/engine/webtorrent.ts'
import { engineContract } from '../../contracts/engine.ts'
import { quietEngine } from '../../kit/engines.ts'

engineContract('webtorrent', webTorrentEngine)

test('webtorrent: a torrent that is v2 only is refused with what can fetch it', async t => {
  const engine = webTorrentEngine(quietEngine)
  t.teardown(() => engine.stop())
  await engine.start()
  const init = { infoHash: 'ab'.repeat(32), trackers: [], peers: [], isPrivate: false }
  t.throws(() => engine.join(init), { code: 'ERR_UNSUPPORTED_TORRENT', message: /native engine/ })
})
