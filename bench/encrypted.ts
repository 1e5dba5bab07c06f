import type { BenchOptions, Measurement } from './measurement.ts'
import { offerFile } from './pairs/offer.ts'
import type { Pair } from './pairs/pair-run.ts'
import { Rounds } from './pairs/rounds.ts'
import { Teardown } from './teardown.ts'

const mebibyte = 1024 * 1024

const isEncrypted = true
const ours: Pair = { seed: 'p2pshare', leech: 'p2pshare', isEncrypted }
const qBittorrent: Pair = { seed: 'qbittorrent', leech: 'qbittorrent', isEncrypted }
const libtorrent: Pair = { seed: 'libtorrent', leech: 'libtorrent', isEncrypted }
const toQBittorrent: Pair = { seed: 'p2pshare', leech: 'qbittorrent', isEncrypted }
const libtorrentToQBittorrent: Pair = { seed: 'libtorrent', leech: 'qbittorrent', isEncrypted }

/** The same as the transfer with RC4 required at both ends. */
export default async function measureEncrypted(options: BenchOptions): Promise<Measurement[]> {
  const sizeBytes = (options.quick ? 64 : 512) * mebibyte
  await using all = new Teardown()
  const offer = await offerFile(all, sizeBytes)
  const pairs = [ours, qBittorrent, libtorrent, toQBittorrent, libtorrentToQBittorrent]
  const title = `transfer of ${sizeBytes / mebibyte} MiB, RC4`
  const rounds = await Rounds.run(title, pairs, offer, options)
  return [
    ...rounds.figures(),
    ...rounds.speedAgainst(ours, qBittorrent, { atLeast: 1 }),
    ...rounds.speedAgainst(toQBittorrent, libtorrentToQBittorrent, { atLeast: 1 }),
  ]
}
