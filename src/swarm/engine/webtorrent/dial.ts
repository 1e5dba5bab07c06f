import type { Torrent, default as WebTorrent, Wire } from 'webtorrent'

const rememberedAtMost = 1_000

/**
 * webtorrent dials with an encrypted handshake (MSE), and again so however often a peer that wants none hangs up. Here
 * every second attempt in a row without an answer is a plain one.
 */
export function dialPlainlyAfterRefusal(client: WebTorrent, torrent: Torrent): void {
  const unanswered = new Set<string>()
  const addPeer = torrent._addPeer.bind(torrent)
  torrent._addPeer = (address, type, source) => {
    if (typeof address !== 'string') return addPeer(address, type, source)
    const secure = client.secure
    if (unanswered.delete(address)) client.secure = 0
    else if (unanswered.size < rememberedAtMost) unanswered.add(address)
    try {
      return addPeer(address, type, source)
    } finally {
      client.secure = secure
    }
  }
  torrent.on('wire', (_: Wire, address: string) => unanswered.delete(address))
}
