import { webTorrentEngine } from '../../../src/swarm/engine/webtorrent.ts'
import { engineContract } from '../../contracts/engine.ts'

engineContract('webtorrent', webTorrentEngine)
