import type { Torrent, default as WebTorrent } from 'webtorrent'

const firstAfterMs = 3_000
const atMostMs = 60_000

/**
 * Asks the DHT again while nobody has been met: webtorrent asks once and then a quarter of an hour later, so that a
 * leech who comes a moment before the seed's announce is through would wait that long. Answers how to stop.
 */
export function lookUpUntilMet(client: WebTorrent, torrent: Torrent): () => void {
  let afterMs = firstAfterMs
  let timer: NodeJS.Timeout
  const wait = () => {
    timer = setTimeout(() => {
      if (torrent.destroyed || !client.dht) return
      if (torrent.wires.length === 0 && !torrent.private) client.dht.lookup(torrent.infoHash)
      afterMs = Math.min(afterMs * 2, atMostMs)
      wait()
    }, afterMs)
    timer.unref()
  }
  if (client.dht) wait()
  return () => clearTimeout(timer)
}
