import type { BenchOptions, Measurement } from './measurement.ts'
import { offerAlbum } from './pairs/offer.ts'
import type { Pair } from './pairs/pair-run.ts'
import { Rounds } from './pairs/rounds.ts'
import { Teardown } from './teardown.ts'

const photoBytes = 500_000

const pairs = (['p2pshare', 'libtorrent', 'aria2', 'webtorrent'] as const).map(
  (name): Pair => ({ seed: name, leech: name }),
)

/** The same as the transfer with a folder of photos, of which two lie in every piece. */
export default async function measureAlbum(options: BenchOptions): Promise<Measurement[]> {
  const count = options.quick ? 100 : 2_000
  await using all = new Teardown()
  const offer = await offerAlbum(all, count, photoBytes)
  const rounds = await Rounds.run(`album of ${count} photos`, pairs, offer, options)
  return [...rounds.figures(), ...rounds.speedAgainst(pairs[0]!, pairs[1]!, { atLeast: 1.5 })]
}
