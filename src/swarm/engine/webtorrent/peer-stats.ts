import type { Peer, Wire } from 'webtorrent'
import type { PeerStats } from '../../engine.ts'

const sources: Record<string, PeerStats['source']> = {
  manual: 'manual',
  tracker: 'tracker',
  dht: 'dht',
  lsd: 'lsd',
  ut_pex: 'pex',
}

/** What is told of a connected peer. */
export function peerStats(
  peer: Peer,
  wire: Wire,
  pieceCount: number,
  downloadBytesPerSecond: number,
): PeerStats {
  return {
    address: peer.addr ?? (wire.remoteAddress ? `${wire.remoteAddress}:${wire.remotePort}` : peer.id),
    client: clientName(wire),
    source: peer.type === 'webSeed' ? 'web seed' : (sources[peer.source ?? ''] ?? 'incoming'),
    isSeed: wire.isSeeder,
    progress: progressOf(wire, pieceCount),
    downloadedBytes: wire.downloaded,
    uploadedBytes: wire.uploaded,
    downloadBytesPerSecond,
    uploadBytesPerSecond: wire.uploadSpeed(),
    flags: flagsOf(peer, wire),
  }
}

function progressOf(wire: Wire, pieceCount: number): number {
  if (wire.isSeeder) return 1
  if (pieceCount === 0) return 0
  let pieces = 0
  for (let bits of wire.peerPieces.buffer) for (; bits > 0; bits &= bits - 1) pieces++
  return Math.min(1, pieces / pieceCount)
}

function flagsOf({ type }: Peer, wire: Wire): string {
  const flags: string[] = []
  if (wire.amInterested) flags.push(wire.peerChoking ? 'd' : 'D')
  else if (!wire.peerChoking) flags.push('K')
  if (wire.peerInterested) flags.push(wire.amChoking ? 'u' : 'U')
  else if (!wire.amChoking) flags.push('?')
  if (type.endsWith('Incoming')) flags.push('I')
  if (wire._encryptionMethod === 2) flags.push('E')
  else if (wire._encryptionMethod === 1) flags.push('e')
  return flags.join('')
}

function clientName(wire: Wire): string | undefined {
  const name = wire.peerExtendedHandshake?.v
  return name ? new TextDecoder().decode(name.subarray(0, 64)) : undefined
}
