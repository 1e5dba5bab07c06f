import type { PeerStats } from '../../../engine.ts'
import type { Peer } from './peer.ts'

/** How a peer stands now, as the contract tells it. */
export function statisticsOf(peer: Peer, isSeeding: boolean): PeerStats {
  const { has } = peer
  return {
    address: peer.address,
    client: peer.extended?.version ?? clientOf(peer.peerId),
    source: peer.source,
    isSeed: peer.isSeed,
    progress: peer.isSeed ? 1 : has && has.length > 0 ? has.count / has.length : 0,
    downloadedBytes: peer.down.total,
    uploadedBytes: peer.up.total,
    downloadBytesPerSecond: peer.down.rate(),
    uploadBytesPerSecond: peer.up.rate(),
    flags: flagsOf(peer, isSeeding),
  }
}

function flagsOf(peer: Peer, isSeeding: boolean): string {
  let flags = ''
  if (!isSeeding) {
    if (peer.isInteresting) flags += peer.chokesUs ? 'd' : 'D'
    else if (!peer.chokesUs) flags += 'K'
  }
  if (peer.isInterested) flags += peer.isChoked ? 'u' : 'U'
  else if (!peer.isChoked) flags += '?'
  if (peer.isOptimistic) flags += 'O'
  if (peer.isSnubbed) flags += 'S'
  if (peer.socket.isIncoming) flags += 'I'
  if (peer.isEncrypted) flags += 'E'
  else if (peer.isObfuscated) flags += 'e'
  return flags
}

/** What the letters at the beginning of a peer id stand for (BEP 20). */
const clients: Readonly<Record<string, string>> = {
  AZ: 'Vuze',
  BI: 'BiglyBT',
  DE: 'Deluge',
  KT: 'KTorrent',
  LT: 'libtorrent',
  lt: 'libTorrent',
  PS: 'p2pshare',
  TR: 'Transmission',
  UT: 'µTorrent',
  WW: 'WebTorrent',
  WD: 'WebTorrent Desktop',
  qB: 'qBittorrent',
}

function clientOf(peerId: Uint8Array): string | undefined {
  const id = Buffer.from(peerId).toString('latin1')
  const parts = /^-([A-Za-z]{2})([0-9A-Za-z])([0-9A-Za-z])([0-9A-Za-z])[0-9A-Za-z]-/.exec(id)
  if (parts) {
    const name = clients[parts[1]!]
    return name && `${name} ${[parts[2], parts[3], parts[4]].map(digitOf).join('.')}`
  }
  const aria = /^A2-(\d+)-(\d+)-(\d+)/.exec(id)
  return aria ? `aria2 ${aria[1]}.${aria[2]}.${aria[3]}` : undefined
}

function digitOf(digit: string | undefined): number {
  return Number.parseInt(digit ?? '0', 36)
}
